#!/usr/bin/env bash
# All tests, set-up included: ./test.sh [--quick | --interop]
#   --quick     no native build, no package
#   --interop   also the tests against other programs (skopeo, umoci, podman, Docker …), which takes many minutes
# The last line is "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 LC_ALL=C.UTF-8
quick= interop=; case ${1:-} in --quick) quick=1 ;; --interop) interop=1 ;; esac
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

say() { printf '\n== %s\n' "$*"; }
ok() { passed=$((passed + 1)); echo "ok: $1"; }
bad() { failed=$((failed + 1)); echo "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1 ($2)"; }
finish() { echo; echo "$passed passed, $failed failed, $skipped skipped"; ((failed == 0 && passed > 0)) || exit 1; exit 0; }

# What the tests against other programs need, by command and Debian package.
install_peers() {
  local need=(skopeo:skopeo umoci:umoci oci-image-tool:oci-image-tool podman:podman buildah:buildah dockerd:docker.io
    zstd:zstd xz:xz-utils bzip2:bzip2 gcc:gcc busybox:busybox-static mmdebstrap:mmdebstrap jq:jq) missing=()
  for pair in "${need[@]}"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [[ -e /usr/include/zlib.h ]] || missing+=(zlib1g-dev)
  ((${#missing[@]})) || return 0
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    say "installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$work/apt.log" 2>&1 \
      || { tail -3 "$work/apt.log"; echo "not all of them could be installed; what needs them is skipped"; }
  else
    echo "not installed, and not root: ${missing[*]}; what needs them is skipped"
  fi
}

# Runs one test project and adds up its counts.
run_tests() {
  local name=$1 log=$work/$1.log status summary t f k
  say "$name"
  dotnet "tests/$name/bin/Release/net10.0/$name.dll" -noColor >"$log" 2>&1; status=$?
  summary=$(grep -a "$name  *Total: " "$log" | tail -1)
  if [[ -z $summary ]]; then tail -30 "$log"; bad "$name did not run to its end"; return; fi
  count() { sed -E "s/.*[ ,]$1: ([0-9]+).*/\1/" <<<"$summary"; }
  t=$(count Total) f=$(($(count Failed) + $(count Errors))) k=$(count Skipped)
  passed=$((passed + t - f - k)) failed=$((failed + f)) skipped=$((skipped + k))
  echo "$((t - f - k)) passed, $f failed, $k skipped"
  ((k == 0)) || grep -aE -A1 '\[SKIP\]' "$log" | grep -av '^--' | head -200
  ((f == 0)) || grep -aE -A14 '\[FAIL\]' "$log" | head -200
  ((status == 0 || f > 0)) || { tail -20 "$log"; bad "$name ended with $status"; }
}

[[ -z $interop ]] || install_peers
if [[ -z $quick && ! -e /usr/include/zlib.h && $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc zlib1g-dev; } >"$work/apt.log" 2>&1 || tail -3 "$work/apt.log"
fi
say "build"
if dotnet restore Ipdr.sln >"$work/build.log" 2>&1 && dotnet build Ipdr.sln -c Release --no-restore >>"$work/build.log" 2>&1; then ok "build without warnings"
else grep -E 'error|warn' "$work/build.log" | sort -u | head -30; bad build; finish; fi

run_tests Ipdr.Oci.Tests
run_tests Ipdr.Cli.Tests
if [[ -n $quick ]]; then finish; fi
[[ -z $interop ]] || run_tests Ipdr.Interop.Tests

sample=tests/fixtures/archives/docker2010-multiimage.tar
say "one native file"
if ! command -v gcc >/dev/null && ! command -v clang >/dev/null; then skip "native file" "no C compiler to link with"
elif dotnet publish src/Ipdr.Cli -c Release -r linux-x64 -o "$work/native" >"$work/publish.log" 2>&1 && ! grep -qE 'warning' "$work/publish.log"; then
  ok "published without warnings, $(stat -c %s "$work/native/ipdr") bytes"
  if "$work/native/ipdr" --version && "$work/native/ipdr" convert "$sample" -o "$work/native-out" -s && [[ -s $work/native-out/index.json ]]; then ok "the native file converts"; else bad "the native file converts"; fi
else tail -20 "$work/publish.log"; bad "publish"; fi

say "dotnet tool"
if dotnet pack src/Ipdr.Cli -c Release -o "$work/pack" >"$work/pack.log" 2>&1 \
  && dotnet tool install ipdr --tool-path "$work/tool" --add-source "$work/pack" --version "$(ls "$work"/pack/ipdr.*.nupkg | sed -E 's/.*ipdr\.([0-9.]+)\.nupkg/\1/' | head -1)" >>"$work/pack.log" 2>&1 \
  && "$work/tool/ipdr" convert "$sample" -o "$work/tool-out" -s; then
  ok "the tool installs and converts"
  [[ -d $work/native-out ]] && { if diff -r "$work/native-out" "$work/tool-out" >/dev/null; then ok "native and managed code give the same bytes"; else bad "native and managed code give the same bytes"; fi; }
else tail -20 "$work/pack.log"; bad "dotnet tool"; fi
finish
