# Completion of ipdr for bash: what the program suggests, and file names where it suggests nothing.
_ipdr() {
    local current=${COMP_WORDS[COMP_CWORD]}
    local line=${COMP_LINE:0:COMP_POINT}
    # A value behind = is a word of its own, for bash as for the program.
    line="ipdr${line#"${COMP_WORDS[0]}"}"
    line=${line//=/ }
    local words
    words=$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v '^/')
    # Options are offered to those who have begun to write one.
    [[ $current == -* ]] || words=$(grep -v '^-' <<<"$words")
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "${current#=}")
}
complete -o bashdefault -o default -F _ipdr ipdr
