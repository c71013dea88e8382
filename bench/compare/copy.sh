# ipdr copy and skopeo copy of one large image: archive to layout, layout to archive, layout to registry and back
need skopeo skopeo; need docker-registry docker-registry
need_ipdr; need_image 512

cat > "$work/registry.yml" <<YML
version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: $work/registry}}
http: {addr: 127.0.0.1:0}
YML
docker-registry serve "$work/registry.yml" 2> "$work/registry.log" & registry=$!
trap 'kill "$registry" 2> /dev/null || true; rm -rf "$work"' EXIT
until host=$(grep -o -m1 '127\.0\.0\.1:[0-9]*' "$work/registry.log"); do sleep 0.1; done

"${ipdr[@]}" copy "$image" "oci:$work/from:1" > "$work/copy.log" 2>&1
"${ipdr[@]}" copy "oci:$work/from:1" "docker://$host/from:1" >> "$work/copy.log" 2>&1
pushes=0
ipdr_copy() { run "$1" "${ipdr[@]}" copy "$2" "$3"; }
skopeo_copy() { run "$1" skopeo --insecure-policy copy --quiet --src-tls-verify=false --dest-tls-verify=false "$2" "$3"; }
# To a repository of its own in a registry without the blobs, each time.
ipdr_push() { rm -rf "$work/registry"; ipdr_copy "$1" "oci:$work/from:1" "docker://$host/to-$((++pushes)):1"; }
skopeo_push() { rm -rf "$work/registry"; skopeo_copy "$1" "oci:$work/from:1" "docker://$host/to-$((++pushes)):1"; }

headline "$(($(stat -c %s "$image") >> 20)) MiB, $(skopeo --version)"; columns
versus 'docker-archive → oci' ipdr_copy "docker-archive:$image" "oci:$work/to" -- skopeo_copy "docker-archive:$image" "oci:$work/to"
versus 'oci → docker-archive' ipdr_copy "oci:$work/from:1" "docker-archive:$work/to" -- skopeo_copy "oci:$work/from:1" "docker-archive:$work/to:bench/copy:1"
versus 'registry → oci' ipdr_copy "docker://$host/from:1" "oci:$work/to" -- skopeo_copy "docker://$host/from:1" "oci:$work/to"
versus 'oci → registry' ipdr_push -- skopeo_push
