#!/usr/bin/env bash
# Writes a `docker save` archive of any size to standard output, with nothing stored: the same bytes each time.
#
#   huge-archive.sh [MIB] [PERCENT]   total of the layers in MiB, default 4096, in layers of 512; how much of it is random, default 50
#
# Every layer holds one file, pseudo-random at first and zeros then. Layers are generated twice: first to learn their
# digests, which the config at the end must have, then to be written.
set -euo pipefail
export LC_ALL=C
total=${1:-4096}
layer_mib=512
((total >= layer_mib)) || layer_mib=$total
layers=$((total / layer_mib))
half=$((layer_mib * 1048576 * ${2:-50} / 100)) rest=$((layer_mib * 1048576 - layer_mib * 1048576 * ${2:-50} / 100))

# random KEY BYTES: pseudo-random bytes that depend on the key only
random() {
  local key; key=$(printf %s "$1" | sha256sum | cut -c1-32)
  head -c "$2" /dev/zero | openssl enc -aes-128-ctr -nosalt -nopad -K "$key" -iv 00000000000000000000000000000000
}

# header NAME BYTES: a ustar header of a regular file
header() {
  local block sum
  block() { printf '%s' "$1"; head -c $((100 - ${#1})) /dev/zero; printf '0000644\0%s\0%s\0%011o\0%011o\0%s%s' 0000000 0000000 "$2" 0 "$3" 0
    head -c 100 /dev/zero; printf 'ustar\00000'; head -c 247 /dev/zero; }
  sum=$(block "$1" "$2" '        ' | od -An -v -tu1 | awk '{ for (i = 1; i <= NF; i++) sum += $i } END { print sum }')
  block "$1" "$2" "$(printf '%07o' "$sum") "
}

zeros() { head -c "$1" /dev/zero; }
layer() { header "data-$1" $((half + rest)); random "layer $1" "$half"; zeros "$rest"; zeros 1024; }
member() { header "$1" ${#2}; printf '%s' "$2"; zeros $(((512 - ${#2} % 512) % 512)); }

diff_ids=()
for ((i = 0; i < layers; i++)); do diff_ids+=("$(layer "$i" | sha256sum | cut -c1-64)"); done
for ((i = 0; i < layers; i++)); do header "${diff_ids[i]}.tar" $((512 + half + rest + 1024)); layer "$i"; done
listed() { local joined; joined=$(printf ',"%s"' "$@"); printf '[%s]' "${joined:1}"; }
config='{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":'$(listed "${diff_ids[@]/#/sha256:}")'}}'
id=$(printf '%s' "$config" | sha256sum | cut -c1-64)
member "$id.json" "$config"
member manifest.json '[{"Config":"'"$id"'.json","RepoTags":["bench/huge:'"$total"'"],"Layers":'$(listed "${diff_ids[@]/%/.tar}")'}]'
zeros 1024
