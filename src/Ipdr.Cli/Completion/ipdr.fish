# Completion of ipdr for fish: what the program suggests, and file names.
function __ipdr_suggest
    set -l line (commandline --current-process --cut-at-cursor)
    ipdr "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match --invert -- '/*'
end
complete --command ipdr --arguments '(__ipdr_suggest)'
