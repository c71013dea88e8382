#!/usr/bin/env bash
# Compares `ipdr convert` with `skopeo copy` on one large image, as whole processes.
#
#   bench/compare.sh [--quick] [-n RUNS] [--jit] [--image FILE] [--size MIB] [--cache DIR]
#   bench/compare.sh --names [-n RUNS] [--jit] [--image FILE] [--cache DIR]
#   bench/compare.sh --memory [--size MIB]
#   bench/compare.sh --verify [--size MIB] [-n RUNS]
#   bench/compare.sh --deflate [--cache DIR] FILE…
#
#   -n RUNS      timed runs of each side (default 5; --quick is -n 3)
#   --jit        ipdr.dll through dotnet instead of the native program
#   --image      an archive as `docker save` writes it; default: one made by make-real-image.sh
#   --size MIB   of the made image (default 512; --memory: 4096)
#   --cache DIR  where the made image and the programs are kept (default ${TMPDIR:-/tmp}/ipdr-bench)
#   --names      only `ipdr cid` with ipfs-car and openssl, and what the CID adds to a conversion
#   --memory     no comparison: peak memory of the managed build on a large image that comes through a pipe
#   --verify     `ipdr verify` instead, with what else checks the same layout (--size: default 1100)
#   --deflate    compressors alone, on one core: size and speed on these files, such as the tars of layers
#
# The two sides take turns (A B A B …), each after one run that does not count, so the file is in the page cache.
# Removing the last result and `sync` are not timed. Medians are printed; compare ratios, not seconds of two machines.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) root=$(dirname "$here")
runs=5 kind=aot image='' size='' cache=${TMPDIR:-/tmp}/ipdr-bench memory= names= verify= deflate= files=()
while (($#)); do
  case $1 in
    --quick) runs=3 ;; -n) runs=$2; shift ;; --jit) kind=jit ;; --memory) memory=1 kind=jit ;; --names) names=1 ;;
    --verify) verify=1 size=${size:-1100} ;; --deflate) deflate=1 ;;
    --image) image=$2; shift ;; --size) size=$2; shift ;; --cache) cache=$2; shift ;;
    -h | --help) sed -n '2,21s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit ;;
    -*) echo "compare: unknown option $1 (see --help)" >&2; exit 2 ;;
    *) files+=("$1") ;;
  esac
  shift
done

# need PACKAGE COMMAND: installs what is missing, where that can be done
need() {
  [[ -z $(type -P "$2") ]] || return 0
  [[ $(id -u) = 0 && -n $(type -P apt-get) ]] || { echo "compare: install $1 first" >&2; exit 1; }
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$1"; } >&2
}
need time time; need openssl openssl

# --deflate: ours and the platform's in one process that lets them take turns, the programs by their user time, best of three
compare_deflate() {
  need pigz pigz; need libdeflate-tools libdeflate-gzip; need isal igzip; need zstd zstd
  dotnet run -c Release --project "$here/Ipdr.Benchmarks" -- levels "$@"
  local file command best i
  for file in "$@"; do
    for command in 'gzip -6' 'pigz -p1 -1' 'pigz -p1 -6' 'pigz -p1 -9' 'libdeflate-gzip -1' 'libdeflate-gzip -6' 'libdeflate-gzip -12' \
      'igzip -1' 'igzip -3' 'zstd -q --single-thread -1' 'zstd -q --single-thread -3' 'zstd -q --single-thread -9'; do
      best=$(for ((i = 0; i < 3; i++)); do
        { env time -f '%U' $command -c < "$file" > "$cache/deflate.out"; } 2>&1
      done | sort -n | head -n 1)
      awk -v file="${file##*/}" -v command="$command" -v bytes="$(stat -c %s "$cache/deflate.out")" -v plain="$(stat -c %s "$file")" -v seconds="$best" 'BEGIN {
        printf "%-20s %-22s %12d %8.2f%% %8.1f\n", file, command, bytes, 100 * bytes / plain, plain / (seconds > 0 ? seconds : 0.01) / 1e6 }'
    done
  done
  rm -f "$cache/deflate.out"
}
if [[ -n $deflate ]]; then
  ((${#files[@]})) || { echo 'compare: --deflate needs files' >&2; exit 2; }
  mkdir -p "$cache"; compare_deflate "${files[@]}"; exit
fi

[[ -n $memory$names ]] || need skopeo skopeo
mkdir -p "$cache"
work=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
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

# run NAME COMMAND…: appends "seconds MiB" of one run to the file of that name
run() {
  local to=$work/$1.times; shift
  sync
  env time -f '%e %M' -o "$work/time" "$@" > "$work/output" 2>&1 || { echo "failed: $*" >&2; cat "$work/output" >&2; exit 1; }
  tail -n 1 "$work/time" | awk '{ print $1, $2 / 1024 }' >> "$to"
}
clean() { rm -rf "$work/to"; }

if [[ -n $memory ]]; then
  size=${size:-4096}
  echo "Converting $size MiB from a pipe …" >&2
  "$here/huge-archive.sh" "$size" | run memory "${ipdr[@]}" convert - -o "$work/to"
  awk -v size="$size" '{ printf "%d MiB through a pipe: %.1f s, peak memory %.0f MiB\n", size, $1, $2 }' "$work/memory.times"
  exit
fi

if [[ -z $image ]]; then
  size=${size:-512} image=$cache/real-$size.tar
  [[ -s $image ]] || "$here/make-real-image.sh" -s "$size" -o "$image"
fi
[[ -s $image ]] || { echo "compare: there is no $image" >&2; exit 1; }

ipdr_file() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2"; }
ipdr_pipe() { cat "$image" | run "$1" "${ipdr[@]}" convert - -o "$work/to" --compression "$2"; }
skopeo_to() { run "$1" skopeo --insecure-policy copy --quiet "docker-archive:$image" "$2:$work/to"; }
median() { cut -d ' ' -f 1 "$work/$1.times" | sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
peak() { cut -d ' ' -f 2 "$work/$1.times" | sort -n | tail -n 1; }

# versus TITLE A… -- B…: runs the two in turn, and prints a line
versus() {
  local title=$1 a=() i; shift
  while [[ $1 != -- ]]; do a+=("$1"); shift; done; shift
  rm -f "$work"/{a,b,warm}.times
  for ((i = 0; i <= runs; i++)); do
    clean; "${a[0]}" "$( ((i)) && echo a || echo warm)" "${a[@]:1}"; a_size=$(du -sm --apparent-size "$work/to" | cut -f 1)
    clean; "$1" "$( ((i)) && echo b || echo warm)" "${@:2}"; b_size=$(du -sm --apparent-size "$work/to" | cut -f 1)
  done
  clean
  awk -v title="$title" -v a="$(median a)" -v b="$(median b)" -v ap="$(peak a)" -v bp="$(peak b)" -v as="$a_size" -v bs="$b_size" 'BEGIN {
    printf "%-38s %7.2f s %7.2f s %7.2f %8d %8d %8.0f %8.0f\n", title, a, b, b / a, as, bs, ap, bp }'
}

# ratio TITLE A… -- B…: as versus, for commands that leave nothing in the folder
ratio() {
  local title=$1 a=() i; shift
  while [[ $1 != -- ]]; do a+=("$1"); shift; done; shift
  rm -f "$work"/{a,b,warm}.times
  for ((i = 0; i <= runs; i++)); do
    clean; "${a[0]}" "$( ((i)) && echo a || echo warm)" "${a[@]:1}"
    clean; "$1" "$( ((i)) && echo b || echo warm)" "${@:2}"
  done
  clean
  awk -v title="$title" -v a="$(median a)" -v b="$(median b)" -v ap="$(peak a)" -v bp="$(peak b)" 'BEGIN {
    printf "%-38s %7.2f s %7.2f s %7.2f %35.0f %8.0f\n", title, a, b, b / a, ap, bp }'
}

ipdr_cid() { run "$1" "${ipdr[@]}" cid "$content"; }
ipfs_car() { run "$1" node "$cache/node/node_modules/ipfs-car/bin.js" pack "$content" --no-wrap --output "$work/packed.car"; rm "$work/packed.car"; }
sha256_of_halves() { run "$1" bash -c "openssl dgst -sha256 '$content.1' & openssl dgst -sha256 '$content.2'; wait"; }
convert_named() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2"; }
convert_unnamed() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2" --no-cid; }

# A GiB that does not compress, whole and in halves
make_content() {
  content=$cache/random-1024.bin
  [[ -s $content.2 ]] && return
  head -c 1G /dev/zero | openssl enc -aes-128-ctr -nosalt -K 1 -iv 0 2> /dev/null > "$content"
  head -c 512M "$content" > "$content.1"
  tail -c 512M "$content" > "$content.2"
}

compare_names() {
  make_content
  ratio 'ipdr cid / sha256 of halves, in parallel' ipdr_cid -- sha256_of_halves
  if [[ -n $(type -P npm) ]]; then
    mkdir -p "$cache/node"
    cp "$root"/tests/Ipdr.Interop.Tests/Node/package*.json "$cache/node"
    npm ci --prefix "$cache/node" --ignore-scripts --no-audit --no-fund > "$work/npm.log" 2>&1 || { cat "$work/npm.log" >&2; exit 1; }
    ratio 'ipdr cid / ipfs-car pack' ipdr_cid -- ipfs_car
  else
    echo 'ipfs-car is left out: there is no npm' >&2
  fi
  local compression
  for compression in none gzip zstd; do
    ratio "convert $compression, no CID / with CID" convert_unnamed "$compression" -- convert_named "$compression"
  done
}

# ---- ipdr verify

# in_turn TITLE LIMIT A… -- B…: runs the two in turn; A should take no more than LIMIT times as long as B
in_turn() {
  local title=$1 limit=$2 a=() i; shift 2
  while [[ $1 != -- ]]; do a+=("$1"); shift; done; shift
  rm -f "$work"/{a,b,warm}.times
  for ((i = 0; i <= runs; i++)); do
    run "$( ((i)) && echo a || echo warm)" "${a[@]}"
    run "$( ((i)) && echo b || echo warm)" "$@"
  done
  awk -v title="$title" -v limit="$limit" -v a="$(median a)" -v b="$(median b)" -v ap="$(peak a)" 'BEGIN {
    printf "%-44s %7.2f s %7.2f s %7.2f  (at most %.2f: %s) %6.0f MiB\n", title, a, b, a / b, limit, a / b <= limit ? "yes" : "NO", ap }'
}

# The peers, as functions of the folder that a shell of their own runs.
openssl_all() { find "$1/blobs" -type f -printf '%s %p\n' | sort -rn | cut -d ' ' -f 2- | xargs -P "$(nproc)" -n 1 openssl dgst -sha256; }
is_gzip() { [[ $(head -c 2 "$1" | od -An -tx1) = ' 1f 8b' ]]; }
image_tool() { oci-image-tool validate --type image --ref "name=$2" "$1" && for f in "$1"/blobs/sha256/*; do if is_gzip "$f"; then gzip -t < "$f" || return 1; fi; done; }
skopeo_pigz() { rm -rf "$2" && skopeo --insecure-policy copy --quiet "oci:$1" "dir:$2" && for f in "$2"/*; do if is_gzip "$f"; then pigz -t < "$f" || return 1; fi; done; }

compare_verify() {
  need oci-image-tool oci-image-tool; need pigz pigz
  export -f openssl_all is_gzip image_tool skopeo_pigz
  "${ipdr[@]}" convert "$image" -o "$work/plain" --compression none -s > /dev/null
  "${ipdr[@]}" convert "$image" -o "$work/gzip" --compression gzip -s > /dev/null
  local tag; tag=$(sed -n 's/.*"org.opencontainers.image.ref.name":"\([^"]*\)".*/\1/p' "$work/gzip/index.json")
  echo "$(du -sm --apparent-size "$work/plain" | cut -f 1) MiB plain, $(du -sm --apparent-size "$work/gzip" | cut -f 1) MiB in gzip, $runs runs of each, $(nproc) cores, $kind build"
  printf '%-44s %9s %9s %7s\n' 'A against B' 'A' 'B' 'A / B'
  in_turn 'verify --quick / openssl of each file' 1.30 "${ipdr[@]}" verify --quick "$work/plain" -- bash -c "openssl_all '$work/plain'"
  in_turn 'verify / oci-image-tool validate, gzip -t' 0.67 "${ipdr[@]}" verify "$work/gzip" -- bash -c "image_tool '$work/gzip' '$tag'"
  in_turn 'verify / skopeo copy to dir:, pigz -t' 1.00 "${ipdr[@]}" verify "$work/gzip" -- bash -c "skopeo_pigz '$work/gzip' '$work/to'"
}
if [[ -n $verify ]]; then compare_verify; exit; fi

echo "$(($(stat -c %s "$image") >> 20)) MiB, $runs runs of each, $(nproc) cores, $kind build$([[ -n $names ]] || echo ", $(skopeo --version)")"
printf '%-38s %9s %9s %7s %17s %17s\n' 'A against B' 'A' 'B' 'B / A' 'output A, B (MiB)' 'memory A, B (MiB)'
if [[ -n $names ]]; then compare_names; exit; fi
versus 'ipdr none / skopeo dir' ipdr_file none -- skopeo_to dir
versus 'ipdr gzip / skopeo oci' ipdr_file gzip -- skopeo_to oci
[[ -s $cache/random.tar ]] || "$here/huge-archive.sh" 256 100 > "$cache/random.tar"
made=$image image=$cache/random.tar
versus 'random layer: ipdr gzip / skopeo oci' ipdr_file gzip -- skopeo_to oci
image=$made
versus 'ipdr zstd / skopeo oci (gzip)' ipdr_file zstd -- skopeo_to oci
versus 'ipdr gzip: file / pipe' ipdr_file gzip -- ipdr_pipe gzip
versus 'ipdr zstd: file / pipe' ipdr_file zstd -- ipdr_pipe zstd
compare_names
