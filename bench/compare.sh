#!/usr/bin/env bash
# Compares ipdr with other programs that do the same work, as whole processes.
#
#   bench/compare.sh [TOPIC…] [-n RUNS] [--jit] [--image FILE] [--size MIB] [--cache DIR] [FILE…]
#
# Topics, each a file in bench/compare; without one: convert, names.
#
#   convert      `ipdr convert` and `skopeo copy` of one large image
#   copy         `ipdr copy` and `skopeo copy`: archive, layout and registry
#   names        `ipdr cid`, ipfs-car and openssl on one large file; what the CID adds to a conversion
#   verify       `ipdr verify`, and what else checks the same layout
#   deflate      compressors alone, on one core: size and speed on the FILEs given, such as the tars of layers
#   transfer     `ipdr push` on a base that is known, and `ipdr pull` beside curl, on this machine
#   memory       no comparison: peak memory of the managed build on a large image that comes through a pipe
#
#   -n RUNS      timed runs of each side (default 5; --quick is -n 3)
#   --jit        ipdr.dll through dotnet instead of the native program
#   --image      an archive as `docker save` writes it; default: one made by make-real-image.sh
#   --size MIB   of the made image (default 512; verify: 1100, memory: 4096)
#   --cache DIR  where the made image and the programs are kept (default ${TMPDIR:-/tmp}/ipdr-bench)
#
# The two sides take turns (A B A B …), each after one run that does not count, so the file is in the page cache.
# Removing the last result and `sync` are not timed. Medians are printed; compare ratios, not seconds of two machines.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) root=$(dirname "$here")
runs=5 kind=aot image='' size='' cache=${TMPDIR:-/tmp}/ipdr-bench topics=() files=()
while (($#)); do
  case $1 in
    --quick) runs=3 ;; -n) runs=$2; shift ;; --jit) kind=jit ;;
    --image) image=$2; shift ;; --size) size=$2; shift ;; --cache) cache=$2; shift ;;
    -h | --help) sed -n '2,24s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit ;;
    -*) echo "compare: unknown option $1 (see --help)" >&2; exit 2 ;;
    *) if [[ -f $here/compare/$1.sh ]]; then topics+=("$1"); else files+=("$1"); fi ;;
  esac
  shift
done
((${#topics[@]})) || topics=(convert names)

mkdir -p "$cache"
work=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# need PACKAGE COMMAND: installs what is missing, where that can be done
need() {
  [[ -z $(type -P "$2") ]] || return 0
  [[ $(id -u) = 0 && -n $(type -P apt-get) ]] || { echo "compare: install $1 first" >&2; exit 1; }
  { apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "$1"; } >&2
}

# need_ipdr: publishes the program; `"${ipdr[@]}"` runs it
need_ipdr() {
  local rid target=()
  case $(uname -m) in x86_64) rid=linux-x64 ;; aarch64) rid=linux-arm64 ;; *) kind=jit ;; esac
  [[ $kind = jit ]] || target=(-r "$rid")
  echo 'Publishing ipdr …' >&2
  dotnet publish "$root/src/Ipdr.Cli" -c Release "${target[@]}" -o "$cache/$kind" > "$work/publish.log" || { cat "$work/publish.log" >&2; exit 1; }
  ipdr=("$cache/$kind/ipdr")
  [[ $kind = aot ]] || ipdr=(dotnet "$cache/$kind/ipdr.dll")
}

# need_image MIB: makes the image unless one was given
need_image() {
  size=${size:-$1}
  if [[ -z $image ]]; then
    image=$cache/real-$size.tar
    [[ -s $image ]] || "$here/make-real-image.sh" -s "$size" -o "$image"
  fi
  [[ -s $image ]] || { echo "compare: there is no $image" >&2; exit 1; }
}

# run NAME COMMAND…: appends "seconds MiB" of one run to the file of that name
run() {
  local to=$work/$1.times; shift
  sync
  env time -f '%e %M' -o "$work/time" "$@" > "$work/output" 2>&1 || { echo "failed: $*" >&2; cat "$work/output" >&2; exit 1; }
  tail -n 1 "$work/time" | awk '{ print $1, $2 / 1024 }' >> "$to"
}
clean() { rm -rf "$work/to"; }
output_size() { if [[ -e $work/to ]]; then du -sm --apparent-size "$work/to" | cut -f 1; else echo -; fi; }
median() { cut -d ' ' -f 1 "$work/$1.times" | sort -n | awk '{ a[NR] = $1 } END { print NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'; }
peak() { cut -d ' ' -f 2 "$work/$1.times" | sort -n | tail -n 1; }

headline() { echo "$*, $runs runs of each, $(nproc) cores, $kind build"; }
columns() { printf '%-44s %9s %9s %7s %17s %17s\n' 'A against B' 'A' 'B' 'B / A' 'output A, B (MiB)' 'memory A, B (MiB)'; }

# versus TITLE A… -- B…: runs the two in turn, each a function or command that takes the name to time under, and prints a line
versus() {
  local title=$1 a=() i; shift
  while [[ $1 != -- ]]; do a+=("$1"); shift; done; shift
  rm -f "$work"/{a,b,warm}.times
  for ((i = 0; i <= runs; i++)); do
    clean; "${a[0]}" "$( ((i)) && echo a || echo warm)" "${a[@]:1}"; a_size=$(output_size)
    clean; "$1" "$( ((i)) && echo b || echo warm)" "${@:2}"; b_size=$(output_size)
  done
  clean
  awk -v title="$title" -v a="$(median a)" -v b="$(median b)" -v ap="$(peak a)" -v bp="$(peak b)" -v as="$a_size" -v bs="$b_size" 'BEGIN {
    printf "%-44s %7.2f s %7.2f s %7.2f %8s %8s %8.0f %8.0f\n", title, a, b, b / a, as, bs, ap, bp }'
}

need time time; need openssl openssl
for topic in "${topics[@]}"; do
  # shellcheck source=/dev/null
  source "$here/compare/$topic.sh"
done
