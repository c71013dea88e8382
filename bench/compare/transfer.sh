# ipdr push of an image on a known base, and ipdr pull from a gateway on this machine beside plain curl
need curl curl; need mmdebstrap mmdebstrap
need_ipdr

# Two images of some 190 MiB that share a base of some 164 MiB; with --image and --size it is still these two.
base=$cache/base.tar
[[ -s $base ]] || mmdebstrap --variant=minbase --include=perl,python3-minimal bookworm "$base" >&2
for seed in 1 2; do
  [[ -s $cache/shared-$seed.tar ]] || SEED=$seed "$here/make-real-image.sh" -b "$base" -s "$(($(stat -c %s "$base") / 1048576 + 26))" -f hybrid -o "$cache/shared-$seed.tar" >&2
done

# The same images with compressed layers, as engines with containerd, BuildKit, podman and skopeo write them.
for seed in 1 2; do
  [[ -s $cache/packed-$seed.tar ]] && continue
  "${ipdr[@]}" convert "$cache/shared-$seed.tar" -o "$work/packed-$seed" -s > /dev/null
  "${ipdr[@]}" copy "oci:$work/packed-$seed" "oci-archive:$cache/packed-$seed.tar" > /dev/null
  rm -rf "$work/packed-$seed"
done

# A store that has seen nothing, and one that has seen the other image.
push_first() { rm -rf "$work/home"; run "$1" env IPDR_HOME="$work/home" "${ipdr[@]}" push "$cache/$form-2.tar" -s; }
push_known() { rm -rf "$work/home"; cp -r "$work/seen-$form" "$work/home"; sync; run "$1" env IPDR_HOME="$work/home" "${ipdr[@]}" push "$cache/$form-2.tar" -s; }
push_piped() { rm -rf "$work/home"; cp -r "$work/seen-$form" "$work/home"; sync; cat "$cache/$form-2.tar" | run "$1" env IPDR_HOME="$work/home" "${ipdr[@]}" push - -s; }

headline "push of $(($(stat -c %s "$cache/shared-2.tar") >> 20)) MiB, of which $(($(stat -c %s "$base") >> 20)) MiB are a base that was pushed before: at least 5 times as fast"; columns
for form in shared packed; do
  IPDR_HOME=$work/seen-$form "${ipdr[@]}" push "$cache/$form-1.tar" -s > /dev/null
  [[ $form = shared ]] && layers=plain || layers=gzip
  versus "known base, file, $layers / first push" push_known -- push_first
  versus "known base, pipe, $layers / first push" push_piped -- push_first
done

# The same bytes by curl: the whole DAG as a CAR, in one stream, into a file.
cid=$(IPDR_HOME=$work/served "${ipdr[@]}" push "$cache/shared-2.tar" -s)
coproc SERVER { exec env IPDR_HOME="$work/served" "${ipdr[@]}" serve --port 0 2> /dev/null; }
server=$SERVER_PID
read -r address <&"${SERVER[0]}"
trap 'kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
with_curl() { rm -rf "$work/to"; run "$1" curl -sSf "$address/ipfs/$cid?format=car" -o "$work/to"; }
with_sync() { rm -rf "$work/to"; run "$1" sh -c 'curl -sSf "$1" -o "$2" && sync "$2"' - "$address/ipfs/$cid?format=car" "$work/to"; }
with_pull() { rm -rf "$work/home"; run "$1" env IPDR_HOME="$work/home" IPFS_PATH="$work/none" "${ipdr[@]}" pull "$cid" --from "$address" --to store -s; }

headline "pull of $(($(du -sb "$work/served/blobs" | cut -f 1) >> 20)) MiB from a gateway on this machine: B / A at least 0.60"; columns
versus 'ipdr pull / curl of the CAR' with_pull -- with_curl
versus 'ipdr pull / curl, then sync' with_pull -- with_sync
kill "$server"
wait "$server" 2> /dev/null || true
