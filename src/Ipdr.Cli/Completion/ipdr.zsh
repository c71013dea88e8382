#compdef ipdr
# Completion of ipdr for zsh: what the program suggests, and file names where it suggests nothing.
_ipdr() {
    local line="ipdr ${(j: :)words[2,CURRENT]}"
    if [[ $PREFIX == --*=* ]]; then
        compset -P '*='
        line=${line//=/ }
    fi
    local -a found
    found=(${(f)"$($words[1] "[suggest:${#line}]" "$line" 2>/dev/null)"})
    found=(${found:#/*})
    # Options are offered to those who have begun to write one.
    [[ $PREFIX == -* ]] || found=(${found:#-*})
    compadd -a found || _files
}
if [[ $funcstack[1] == _ipdr ]]; then
    _ipdr "$@"
else
    compdef _ipdr ipdr
fi
