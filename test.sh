#!/usr/bin/env bash
# All tests, set-up included. On a fresh Debian with the .NET 10 SDK this is the one command to run.
#
#   ./test.sh          format, build, unit tests, the dotnet tool, the native program, and the tests against other
#                      programs (skopeo, umoci, podman, Docker …)
#   ./test.sh --quick  without the native program and the other programs; nothing is installed
#
# As root, what is missing is installed with apt-get: a compiler to link the native program with, and the programs that
# the interop tests talk to. Elsewhere what needs them skips, and says why. The last line is
# `N passed, N failed, N skipped`; the exit code is 0 only if nothing failed and something ran.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

quick=
case ${1:-} in
  '') ;;
  --quick) quick=1 ;;
  -h | --help) sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) echo "test.sh: unknown option $1 (see --help)" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# One compiler for all projects, ended with the script: much of a build's time is what each new one takes to warm up.
export UseSharedCompilation=true
passed=0 failed=0 skipped=0
tests_limit=20m                                # of one test project: a test that hangs fails, it does not hang the script
scratch=$(mktemp -d)
trap 'dotnet build-server shutdown --vbcscompiler > /dev/null 2>&1; rm -rf "$scratch"' EXIT

heading() { printf '\n== %s (%d s)\n' "$1" "$SECONDS"; }
skip() { skipped=$((skipped + 1)); printf 'SKIPPED %s: %s\n' "$1" "$2"; }

# check NAME COMMAND…: one step that passes or fails, its output shown only if it fails
check() {
  local name=$1 log=$scratch/step.log; shift
  if "$@" > "$log" 2>&1; then passed=$((passed + 1)); printf 'ok      %s\n' "$name"; return 0; fi
  failed=$((failed + 1)); printf 'FAILED  %s\n' "$name"; tail -n 60 "$log"; return 1
}

finish() {
  ((passed + failed)) || { echo 'No test ran.'; failed=1; }
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit $((failed > 0))
}

# command:package, for what is needed beyond the .NET SDK
linker=(gcc:gcc)
peers=(skopeo:skopeo umoci:umoci oci-image-tool:oci-image-tool podman:podman buildah:buildah dockerd:docker.io docker:docker-cli
  node:nodejs npm:npm chromium:chromium htpasswd:apache2-utils pigz:pigz libdeflate-gzip:libdeflate-tools igzip:isal
  busybox:busybox-static mmdebstrap:mmdebstrap qemu-aarch64-static:qemu-user-static zstd:zstd xz:xz-utils bzip2:bzip2 b3sum:b3sum ipfs_cid:ipfs-cid jq:jq tar:tar gzip:gzip mount:mount)

# install COMMAND:PACKAGE…: what is missing, as far as it can be had
install() {
  local pair missing=()
  for pair in "$@"; do command -v "${pair%%:*}" > /dev/null || missing+=("${pair##*:}"); done
  [[ -e /usr/include/zlib.h ]] || missing+=(zlib1g-dev)                  # the native program links with it
  compgen -G '/usr/lib/*/libsqlite3.a' > /dev/null || missing+=(libsqlite3-dev)  # and with this, to stay one file
  [[ -e /usr/include/stdlib.h ]] || missing+=(libc6-dev)
  ((${#missing[@]})) || return 0
  if [[ $(id -u) != 0 ]] || ! command -v apt-get > /dev/null; then echo "Not installed, and not to be installed here: ${missing[*]}"; return 0; fi
  echo "Installing ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update > "$scratch/apt.log" 2>&1
  # All at once; where a release has not all of them, as many as it has.
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >> "$scratch/apt.log" 2>&1 && return 0
  local package
  for package in "${missing[@]}"; do
    "${apt[@]}" install -y --no-install-recommends "$package" >> "$scratch/apt.log" 2>&1 || echo "Could not install $package"
  done
}

# run_tests PROJECT: runs a built test project and adds its counts
run_tests() {
  local name=$1 log=$scratch/$1.log program=tests/$1/bin/Release/net10.0/$1 line
  timeout --kill-after=10 "$tests_limit" "$program" -noColor > "$log" 2>&1
  line=$(grep -E '^ +[^ ]+ +Total: [0-9]+' "$log" | tail -n 1)
  if [[ $line =~ Total:\ 0$ ]]; then printf '%s: no tests\n' "$name"; return; fi
  if [[ ! $line =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    failed=$((failed + 1)); printf 'FAILED  %s did not finish\n' "$name"; tail -n 60 "$log"; return
  fi
  local total=${BASH_REMATCH[1]} errors=${BASH_REMATCH[2]} bad=${BASH_REMATCH[3]} left=${BASH_REMATCH[4]} unrun=${BASH_REMATCH[5]}
  passed=$((passed + total - bad - left - unrun)) failed=$((failed + bad + errors)) skipped=$((skipped + left))
  awk '/ \[SKIP\]$/ { sub(/^ +/, ""); sub(/ \[SKIP\]$/, ""); test = $0; getline; sub(/^ +/, ""); print "SKIPPED " test ": " $0 }' "$log"
  ((bad + errors == 0)) || sed -n '/ \[FAIL\]$/,$p' "$log" | head -n 400
  printf '%s: %d tests, %d failed, %d skipped\n' "$name" "$total" "$((bad + errors))" "$left"
}

# converts_a_fixture PROGRAM NAME: the program tells its version and converts an archive that is shipped
converts_a_fixture() {
  "$1" --version && "$1" convert tests/fixtures/archives/docker2010-multiimage.tar -o "$scratch/of-$2" --json &&
    [[ -s $scratch/of-$2/index.json && -s $scratch/of-$2/oci-layout ]]
}

# survives_closed_streams PROGRAM: where the three standard streams are closed, no file gets their numbers and their text
survives_closed_streams() {
  "$1" convert tests/fixtures/archives/docker2010-multiimage.tar -o "$scratch/of-closed" <&- >&- 2>&- && diff -r "$scratch/of-native" "$scratch/of-closed"
}

# recipes CONFIGURATION VARIABLE=VALUE…: golden digests of the recipes, by a runtime that is told so
recipes() { env "${@:2}" "tests/Ipdr.Oci.Tests/bin/$1/net10.0/Ipdr.Oci.Tests" -noColor -class Ipdr.Oci.Tests.Compression.RecipeTests; }

# same_at_every_level ARCHIVE NAME PROGRAM…: the tool and that program compress it to the same bytes
same_at_every_level() {
  local archive=$1 name=$2 level; shift 2
  for level in 1 2 3 4 5 6 7 8 9; do
    "$@" convert "$archive" -o "$scratch/$name-$level" --level "$level" -s &&
      { [[ -e $scratch/tool-$level ]] || "$scratch/tool/ipdr" convert "$archive" -o "$scratch/tool-$level" --level "$level" -s; } &&
      diff -r "$scratch/$name-$level" "$scratch/tool-$level" || return 1
  done
}

# The managed program with its own runtime, and the few libraries of that processor which it asks for
publishes_for_arm64() {
  dotnet publish src/Ipdr.Cli -c Release -r linux-arm64 --self-contained -p:PublishAot=false -o "$scratch/arm64" &&
    mmdebstrap --quiet --variant=extract --architectures=arm64 --include=libc6,libstdc++6,libssl3,libgcc-s1 bookworm "$scratch/arm64-root"
}
# The emulator does not see that code is written through another mapping of its memory (W^X), and runs what was there before.
on_arm64() { DOTNET_EnableWriteXorExecute=0 qemu-aarch64-static -L "$scratch/arm64-root" "$scratch/arm64/ipdr" "$@"; }

publishes_one_native_file() {
  dotnet publish src/Ipdr.Cli -c Release -r "linux-$1" -o "$scratch/native" -p:DebugType=none -p:StripSymbols=true > "$scratch/publish.log" 2>&1 ||
    { cat "$scratch/publish.log"; return 1; }
  if grep -E '(warning|error) [A-Z]+[0-9]+' "$scratch/publish.log"; then return 1; fi
  find "$scratch/native" -type f ! -name '*.dbg' ! -name '*.xml' ! -name '*.pdb' | tee "$scratch/native.files"
  [[ $(wc -l < "$scratch/native.files") = 1 && -x $scratch/native/ipdr ]]
}

installs_as_a_tool() {
  dotnet pack src/Ipdr.Cli -c Release --no-build -o "$scratch/packages" &&
    dotnet tool install ipdr --tool-path "$scratch/tool" --source "$scratch/packages" --no-cache --version "*-*"
}

if [[ -z $quick ]]; then heading 'Set-up'; install "${linker[@]}" "${peers[@]}"; fi

heading 'Restore, format, build'
check 'locked restore' dotnet restore --locked-mode || finish
check 'format' dotnet format --verify-no-changes --no-restore
check 'build without warnings' dotnet build -c Release --no-restore || finish

heading 'Tests'
for project in tests/*/*.csproj; do
  project=$(basename "$project" .csproj)
  [[ $project = Ipdr.Interop.Tests ]] || run_tests "$project"
done
[[ -n $quick ]] || run_tests Ipdr.Interop.Tests

heading 'The recipes, on other processors and runtimes'
check 'without AVX2' recipes Release DOTNET_EnableAVX2=0
check 'without vector instructions' recipes Release DOTNET_EnableHWIntrinsic=0
check 'with one processor' recipes Release DOTNET_PROCESSOR_COUNT=1
if [[ -n $quick ]]; then :
else check 'debug build' dotnet build -c Debug --no-restore -v q tests/Ipdr.Oci.Tests && check 'in a debug build' recipes Debug DOTNET_TieredPGO=0; fi

heading 'The program as it is shipped'
check 'dotnet tool: pack and install' installs_as_a_tool && check 'dotnet tool: runs' converts_a_fixture "$scratch/tool/ipdr" tool
case $(uname -m) in x86_64) arch=x64 ;; aarch64) arch=arm64 ;; *) arch= ;; esac
if [[ -n $quick ]]; then :
elif [[ -z $arch ]] || ! command -v gcc > /dev/null && ! command -v clang > /dev/null; then skip 'native program' 'there is no compiler to link it with'
elif check 'native program: publish' publishes_one_native_file "$arch" && check 'native program: runs' converts_a_fixture "$scratch/native/ipdr" native; then
  check 'native program: closed streams' survives_closed_streams "$scratch/native/ipdr"
  check 'native and managed code write the same bytes' diff -r "$scratch/of-native" "$scratch/of-tool"
  if ! command -v openssl > /dev/null; then skip 'native and managed code at every level' 'openssl, which makes the content, is not installed'
  elif bench/huge-archive.sh 3 > "$scratch/levels.tar"; then
    check 'native and managed code at every level' same_at_every_level "$scratch/levels.tar" native "$scratch/native/ipdr"
    if [[ $arch = arm64 ]]; then :
    elif ! command -v qemu-aarch64-static > /dev/null || ! command -v mmdebstrap > /dev/null; then skip 'arm64' 'qemu-user-static or mmdebstrap is not installed'
    else check 'arm64: publish' publishes_for_arm64 && check 'x64 and arm64 at every level' same_at_every_level "$scratch/levels.tar" arm64 on_arm64; fi
  fi
fi
finish
