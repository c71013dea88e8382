# Compressors on one core: ours and the platform's in one process that lets them take turns, the programs by their user time, best of three
need pigz pigz; need libdeflate-tools libdeflate-gzip; need isal igzip; need zstd zstd
((${#files[@]})) || { echo 'compare: deflate needs files' >&2; exit 2; }

# user_seconds COMMAND… FILE: of three runs the one that took least
user_seconds() {
  local file=${*: -1} i
  for ((i = 0; i < 3; i++)); do { env time -f '%U' "${@:1:$#-1}" < "$file" > "$work/deflated"; } 2>&1; done | sort -n | head -n 1
}

dotnet run -c Release --project "$here/Ipdr.Benchmarks" -- levels "${files[@]}"
for file in "${files[@]}"; do
  for command in 'gzip -6' 'pigz -p1 -1' 'pigz -p1 -6' 'pigz -p1 -9' 'libdeflate-gzip -1' 'libdeflate-gzip -6' 'libdeflate-gzip -12' \
    'igzip -1' 'igzip -3' 'zstd -q --single-thread -1' 'zstd -q --single-thread -3' 'zstd -q --single-thread -9'; do
    # shellcheck disable=SC2086 # A command and its options.
    seconds=$(user_seconds $command -c "$file")
    awk -v file="${file##*/}" -v command="$command" -v bytes="$(stat -c %s "$work/deflated")" -v plain="$(stat -c %s "$file")" -v seconds="$seconds" 'BEGIN {
      printf "%-20s %-22s %12d %8.2f%% %8.1f\n", file, command, bytes, 100 * bytes / plain, plain / (seconds > 0 ? seconds : 0.01) / 1e6 }'
  done
done
