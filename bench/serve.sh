#!/usr/bin/env bash
# Compares `ipdr serve` with docker-registry on this machine, in one run: requests for a small manifest, large blobs down, large blobs up.
#
#   bench/serve.sh [--quick] [-n ROUNDS] [--jit] [--seconds S] [--size MIB] [--cache DIR]
#
#   -n ROUNDS    rounds; in each both sides are measured, one after the other (default 5; --quick is -n 3)
#   --jit        ipdr.dll through dotnet instead of the native program
#   --seconds S  of each measurement with wrk (default 8; --quick 4)
#   --size MIB   of the large blob (default 256)
#   --cache DIR  where the programs are kept (default ${TMPDIR:-/tmp}/ipdr-bench)
#
# Medians over the rounds, and their ratios, are printed; the load comes from the same machine, so compare ratios only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) root=$(dirname "$here")
rounds=5 kind=aot seconds='' size=256 cache=${TMPDIR:-/tmp}/ipdr-bench
while (($#)); do
  case $1 in
    --quick) rounds=3 seconds=${seconds:-4} ;; -n) rounds=$2; shift ;; --jit) kind=jit ;; --seconds) seconds=$2; shift ;;
    --size) size=$2; shift ;; --cache) cache=$2; shift ;;
    -h | --help) sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit ;;
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

echo 'Publishing ipdr …' >&2
case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) kind=jit ;; esac
if [[ $kind = aot ]]; then
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

manifests() { wrk -t 2 -c 32 -d "${seconds}s" -H 'Accept: application/vnd.oci.image.manifest.v1+json' "${url[$1]}/v2/bench/manifests/latest" | tee "$work/wrk" | awk '/^Requests\/sec/ { print $2 }'; ! grep -q 'Non-2xx\|Socket errors' "$work/wrk" || cat "$work/wrk" >&2; }
blobs() {
  wrk -t 2 -c 8 -d "${seconds}s" --timeout 60s "${url[$1]}/v2/bench/blobs/$large" > "$work/wrk"
  awk '/^Transfer\/sec/ { v = $2; u = v; sub(/[0-9.]+/, "", u); print v * (u == "GB" ? 1024 : u == "KB" ? 1 / 1024 : 1) }' "$work/wrk"
}
uploads() { # another blob each time: one that is known is not what is measured
  printf '%s %s' "$1" "$RANDOM$RANDOM" | dd of="$work/large" conv=notrunc status=none
  upload "${url[$1]}" "$work/large" "$(digest "$work/large")" | awk -v mib="$size" '{ print mib / $1 }'
}
median() { sort -n "$work/$1" | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }

echo "$rounds rounds, $(nproc) cores, $kind build, docker-registry $(docker-registry --version | awk '{ print $3 }')"
printf '%-40s %12s %16s %7s\n' '' ipdr docker-registry ratio
for what in manifests blobs uploads; do
  manifests_unit='requests/s, small manifest by tag' blobs_unit="MiB/s, blob of $size MiB, 8 at once" uploads_unit="MiB/s, upload of $size MiB"
  for ((i = 0; i <= rounds; i++)); do
    for side in ipdr registry; do $what $side > "$work/one"; ((i == 0)) || cat "$work/one" >> "$work/$what.$side"; done  # the first one warms up
  done
  unit=${what}_unit
  awk -v title="${!unit}" -v a="$(median "$what.ipdr")" -v b="$(median "$what.registry")" 'BEGIN { printf "%-40s %12.0f %16.0f %7.2f\n", title, a, b, a / b }'
done
printf '%-40s %12.0f %16.0f\n' 'peak memory, MiB' "$(awk '/^VmHWM/ { print $2 / 1024 }' "/proc/${pid[ipdr]}/status")" "$(awk '/^VmHWM/ { print $2 / 1024 }' "/proc/${pid[registry]}/status")"
