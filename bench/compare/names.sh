# ipdr cid, ipfs-car and openssl on a GiB that does not compress, whole and in halves; and what the CID adds to a conversion
need_ipdr; need_image 512

content=$cache/random-1024.bin
if [[ ! -s $content.2 ]]; then
  head -c 1G /dev/zero | openssl enc -aes-128-ctr -nosalt -K 1 -iv 0 2> /dev/null > "$content"
  head -c 512M "$content" > "$content.1"
  tail -c 512M "$content" > "$content.2"
fi

ipdr_cid() { run "$1" "${ipdr[@]}" cid "$content"; }
ipfs_car() { run "$1" node "$cache/node/node_modules/ipfs-car/bin.js" pack "$content" --no-wrap --output "$work/packed.car"; rm "$work/packed.car"; }
sha256_of_halves() { run "$1" bash -c "openssl dgst -sha256 '$content.1' & openssl dgst -sha256 '$content.2'; wait"; }
convert_named() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2"; }
convert_unnamed() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2" --no-cid; }

headline '1024 MiB'; columns
versus 'ipdr cid / sha256 of halves, in parallel' ipdr_cid -- sha256_of_halves
if [[ -n $(type -P npm) ]]; then
  mkdir -p "$cache/node"
  cp "$root"/tests/Ipdr.Interop.Tests/Node/package*.json "$cache/node"
  npm ci --prefix "$cache/node" --ignore-scripts --no-audit --no-fund > "$work/npm.log" 2>&1 || { cat "$work/npm.log" >&2; exit 1; }
  versus 'ipdr cid / ipfs-car pack' ipdr_cid -- ipfs_car
else
  echo 'ipfs-car is left out: there is no npm' >&2
fi
for compression in none gzip zstd; do
  versus "convert $compression, no CID / with CID" convert_unnamed "$compression" -- convert_named "$compression"
done
