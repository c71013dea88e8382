# Peak memory of a conversion from a pipe
(
  kind=jit
  need_ipdr
  amount=${size:-4096}
  echo "Converting $amount MiB from a pipe …" >&2
  "$here/huge-archive.sh" "$amount" | run memory "${ipdr[@]}" convert - -o "$work/to"
  awk -v size="$amount" '{ printf "%d MiB through a pipe: %.1f s, peak memory %.0f MiB\n", size, $1, $2 }' "$work/memory.times"
)
