#!/usr/bin/env bash
# Compares `ipdr serve` with docker-registry on this machine, in one run: requests for a small manifest, large blobs down, large blobs up,
# 200 pulls at once, 200 pushes at once.
#
#   bench/serve.sh [--quick] [-n ROUNDS] [--jit | --ipdr FILE] [--seconds S] [--size MIB] [--cache DIR]
#
#   -n ROUNDS    rounds; in each both sides are measured, one after the other (default 5; --quick is -n 3)
#   --jit        ipdr.dll through dotnet instead of the native program
#   --ipdr FILE  that program, instead of building one
#   --seconds S  of each measurement with wrk (default 8; --quick 4)
#   --size MIB   of the large blob (default 256)
#   --cache DIR  where the programs are kept (default ${TMPDIR:-/tmp}/ipdr-bench)
#
# Medians over the rounds, and their ratios, are printed; the load comes from the same machine, so compare ratios only. The processor time that each
# server itself spent on a unit of work is printed beside: on a busy machine it says more. A request that fails ends the run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) root=$(dirname "$here")
rounds=5 kind=aot seconds='' size=256 parallel=200 given='' cache=${TMPDIR:-/tmp}/ipdr-bench
while (($#)); do
  case $1 in
    --quick) rounds=3 seconds=${seconds:-4} ;; -n) rounds=$2; shift ;; --jit) kind=jit ;; --ipdr) given=$(realpath "$2"); shift ;; --seconds) seconds=$2; shift ;;
    --size) size=$2; shift ;; --cache) cache=$2; shift ;;
    -h | --help) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit ;;
    *) echo "serve: unknown option $1 (see --help)" >&2; exit 2 ;;
  esac
  shift
done
seconds=${seconds:-8}

need() {
  [[ -z $(type -P "$2") ]] || return 0
  [[ $(id -u) = 0 && -n $(type -P apt-get) ]] || { echo "serve: install $1 first" >&2; exit 1; }
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$1"; } >&2
}
need wrk wrk; need docker-registry docker-registry; need curl curl; need openssl openssl
mkdir -p "$cache"
work=$(mktemp -d "$cache/serve.XXXXXX")
pids=()
trap 'kill "${pids[@]}" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

[[ -n $given ]] || echo 'Publishing ipdr …' >&2
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) kind=jit ;; esac
if [[ -n $given ]]; then
  ipdr=("$given") kind=given
elif [[ $kind = aot ]]; then
  dotnet publish "$root/src/Ipdr.Cli" -c Release -r "$rid" -o "$cache/$kind" > "$work/publish.log" || { cat "$work/publish.log" >&2; exit 1; }
  ipdr=("$cache/$kind/ipdr")
else
  dotnet publish "$root/src/Ipdr.Cli" -c Release -o "$cache/$kind" > "$work/publish.log" || { cat "$work/publish.log" >&2; exit 1; }
  ipdr=(dotnet "$cache/$kind/ipdr.dll")
fi

free_port() { # one that nobody had a moment ago
  local port
  while port=$((20000 + RANDOM % 20000)); do (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || { echo "$port"; return; }; done
}
await() { for _ in {1..100}; do curl -sf "$1/v2/" > /dev/null && return; sleep 0.1; done; echo "serve: nothing answers at $1" >&2; exit 1; }

declare -A url pid
port=$(free_port)
cat > "$work/registry.yml" << END
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { cache: { blobdescriptor: inmemory }, filesystem: { rootdirectory: $work/registry }, delete: { enabled: true } }
http: { addr: 127.0.0.1:$port }
END
docker-registry serve "$work/registry.yml" > "$work/registry.log" 2>&1 & pids+=($!); pid[registry]=$! url[registry]=http://127.0.0.1:$port
port=$(free_port)
IPDR_HOME=$work/store "${ipdr[@]}" serve -p "$port" --log-level warning > "$work/ipdr.log" 2>&1 & pids+=($!); pid[ipdr]=$! url[ipdr]=http://127.0.0.1:$port
await "${url[registry]}"; await "${url[ipdr]}"

# upload URL FILE DIGEST: as docker does, a POST, a PATCH with all of it, a PUT; prints the seconds of all three
upload() {
  local start=$EPOCHREALTIME location
  location=$(curl -sf -X POST -D - -o /dev/null "$1/v2/bench/blobs/uploads/" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p'); [[ $location = http* ]] || location=$1$location
  location=$(curl -sf -X PATCH -D - -o /dev/null -H 'Content-Type: application/octet-stream' -H 'Transfer-Encoding: chunked' -T "$2" "$location" | tr -d '\r' | sed -n 's/^[Ll]ocation: //p'); [[ $location = http* ]] || location=$1$location
  [[ $location = *\?* ]] && location="$location&digest=$3" || location="$location?digest=$3"
  curl -sf -X PUT -o /dev/null "$location"
  awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'
}
digest() { printf 'sha256:%s' "$(sha256sum < "$1" | cut -d ' ' -f 1)"; }

openssl rand -hex 400 > "$work/config"
head -c $((size << 20)) /dev/urandom > "$work/large"
large=$(digest "$work/large")
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}' \
  "$(digest "$work/config")" "$(stat -c %s "$work/config")" "$large" "$(stat -c %s "$work/large")" > "$work/manifest"
for side in ipdr registry; do
  upload "${url[$side]}" "$work/config" "$(digest "$work/config")" > /dev/null
  upload "${url[$side]}" "$work/large" "$large" > /dev/null
  curl -sf -X PUT -o /dev/null -H 'Content-Type: application/vnd.oci.image.manifest.v1+json' --data-binary @"$work/manifest" "${url[$side]}/v2/bench/manifests/latest"
done

head -c $((1 << 20)) /dev/urandom > "$work/small"
small=$(digest "$work/small")
for side in ipdr registry; do upload "${url[$side]}" "$work/small" "$small" > /dev/null; done

# Each of these prints units per second, and leaves the number of units that were worked on in $work/units.
load() { # load ARGUMENT…: wrk, which must see nothing but good answers
  wrk -t 2 -d "${seconds}s" --timeout 60s "$@" > "$work/wrk"
  ! grep 'Non-2xx\|Socket errors' "$work/wrk" >&2
}
manifests() {
  load -c 32 -H 'Accept: application/vnd.oci.image.manifest.v1+json' "${url[$1]}/v2/bench/manifests/latest"
  awk '/requests in/ { print $1 }' "$work/wrk" > "$work/units"
  awk '/^Requests\/sec/ { print $2 }' "$work/wrk"
}
mebibytes() { awk -v v="$1" 'BEGIN { u = v; sub(/[0-9.]+/, "", u); print v * (u == "TB" ? 1048576 : u == "GB" ? 1024 : u == "KB" ? 1 / 1024 : 1) }'; }
blobs() {
  load -c 8 "${url[$1]}/v2/bench/blobs/$large"
  mebibytes "$(awk '/requests in/ { print $5 }' "$work/wrk")" > "$work/units"
  mebibytes "$(awk '/^Transfer\/sec/ { print $2 }' "$work/wrk")"
}
uploads() { # another blob each time: one that is known is not what is measured
  printf '%s %s' "$1" "$RANDOM$RANDOM" | dd of="$work/large" conv=notrunc status=none
  echo "$size" > "$work/units"
  upload "${url[$1]}" "$work/large" "$(digest "$work/large")" | awk -v mib="$size" '{ print mib / $1 }'
}
per_second() { awk -v n="$parallel" -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { print n / (b - a) }'; }
pulls() {
  local start=$EPOCHREALTIME i
  for ((i = 0; i < parallel; i++)); do printf 'url = "%s/v2/bench/blobs/%s"\noutput = /dev/null\n' "${url[$1]}" "$small"; done > "$work/pulls"
  curl -s -Z --parallel-immediate --parallel-max "$parallel" -w '%{http_code} %{size_download}\n' -K "$work/pulls" > "$work/pulled" 2> "$work/pulls.log"
  [[ $(grep -c "^200 $((1 << 20))\$" "$work/pulled") = "$parallel" ]] || { cat "$work/pulls.log" >&2; echo "serve: pulls from $1 failed" >&2; return 1; }
  echo "$parallel" > "$work/units"; per_second "$start"
}
pushes() {
  local start i jobs=()
  for ((i = 0; i < parallel; i++)); do head -c $((64 << 10)) /dev/urandom > "$work/push.$i"; digest "$work/push.$i" > "$work/push.$i.digest"; done
  start=$EPOCHREALTIME
  for ((i = 0; i < parallel; i++)); do upload "${url[$1]}" "$work/push.$i" "$(< "$work/push.$i.digest")" > /dev/null & jobs+=($!); done
  for i in "${jobs[@]}"; do wait "$i" || { echo "serve: a push to $1 failed" >&2; return 1; }; done
  echo "$parallel" > "$work/units"; per_second "$start"
}
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/${pid[$1]}/stat"; }
median() { sort -n "$work/$1" | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

echo "$rounds rounds, $(nproc) cores, $kind build, docker-registry $(docker-registry --version | awk '{ print $3 }')"
printf '%-40s %10s %16s %6s   %s\n' '' ipdr docker-registry ratio 'processor time for a unit, µs: ipdr, docker-registry, ratio'
for what in manifests blobs uploads pulls pushes; do
  case $what in
    manifests) title='requests/s, small manifest by tag' ;; blobs) title="MiB/s, blob of $size MiB, 8 at once" ;; uploads) title="MiB/s, upload of $size MiB" ;;
    pulls) title="pulls/s of 1 MiB, $parallel at once" ;; pushes) title="pushes/s of 64 KiB, $parallel at once" ;;
  esac
  for ((i = 0; i <= rounds; i++)); do
    for side in ipdr registry; do
      before=$(ticks $side)
      $what $side > "$work/one"
      ((i == 0)) || cat "$work/one" >> "$work/$what.$side"  # the first one warms up
      ((i == 0)) || awk -v t=$(($(ticks $side) - before)) -v hz="$(getconf CLK_TCK)" -v units="$(< "$work/units")" 'BEGIN { print 1e6 * t / hz / units }' >> "$work/$what.$side.cpu"
    done
  done
  awk -v title="$title" -v a="$(median "$what.ipdr")" -v b="$(median "$what.registry")" -v c="$(median "$what.ipdr.cpu")" -v d="$(median "$what.registry.cpu")" \
    'BEGIN { printf "%-40s %10.0f %16.0f %6.2f   %8.0f %8.0f %6.2f\n", title, a, b, a / b, c, d, c / d }'
done
printf '%-40s %10.0f %16.0f\n' 'peak memory, MiB' "$(awk '/^VmHWM/ { print $2 / 1024 }' "/proc/${pid[ipdr]}/status")" "$(awk '/^VmHWM/ { print $2 / 1024 }' "/proc/${pid[registry]}/status")"
