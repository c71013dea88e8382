# ipdr verify, and what else checks the same layout: how many times their time ours may take, and takes
need oci-image-tool oci-image-tool; need pigz pigz; need skopeo skopeo
need_ipdr; need_image 1100

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
export -f openssl_all is_gzip image_tool skopeo_pigz

"${ipdr[@]}" convert "$image" -o "$work/plain" --compression none -s > /dev/null
"${ipdr[@]}" convert "$image" -o "$work/gzip" --compression gzip -s > /dev/null
tag=$(sed -n 's/.*"org.opencontainers.image.ref.name":"\([^"]*\)".*/\1/p' "$work/gzip/index.json")
headline "$(du -sm --apparent-size "$work/plain" | cut -f 1) MiB plain, $(du -sm --apparent-size "$work/gzip" | cut -f 1) MiB in gzip"
printf '%-44s %9s %9s %7s\n' 'A against B' 'A' 'B' 'A / B'
in_turn 'verify --quick / openssl of each file' 1.30 "${ipdr[@]}" verify --quick "$work/plain" -- bash -c "openssl_all '$work/plain'"
in_turn 'verify / oci-image-tool validate, gzip -t' 0.67 "${ipdr[@]}" verify "$work/gzip" -- bash -c "image_tool '$work/gzip' '$tag'"
in_turn 'verify / skopeo copy to dir:, pigz -t' 1.00 "${ipdr[@]}" verify "$work/gzip" -- bash -c "skopeo_pigz '$work/gzip' '$work/to'"
