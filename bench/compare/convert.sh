# ipdr convert and skopeo copy, of one large image
need skopeo skopeo
need_ipdr; need_image 512

ipdr_file() { run "$1" "${ipdr[@]}" convert "$image" -o "$work/to" --compression "$2"; }
ipdr_pipe() { cat "$image" | run "$1" "${ipdr[@]}" convert - -o "$work/to" --compression "$2"; }
skopeo_to() { run "$1" skopeo --insecure-policy copy --quiet "docker-archive:$image" "$2:$work/to"; }

headline "$(($(stat -Lc %s "$image") >> 20)) MiB, $(skopeo --version)"; columns
versus 'ipdr none / skopeo dir' ipdr_file none -- skopeo_to dir
versus 'ipdr gzip / skopeo oci' ipdr_file gzip -- skopeo_to oci
[[ -s $cache/random.tar ]] || "$here/huge-archive.sh" 256 100 > "$cache/random.tar"
made=$image image=$cache/random.tar
versus 'random layer: ipdr gzip / skopeo oci' ipdr_file gzip -- skopeo_to oci
image=$made
versus 'ipdr zstd / skopeo oci (gzip)' ipdr_file zstd -- skopeo_to oci
versus 'ipdr gzip: file / pipe' ipdr_file gzip -- ipdr_pipe gzip
versus 'ipdr zstd: file / pipe' ipdr_file zstd -- ipdr_pipe zstd
