/**
 * Completion in bash, with nothing but bash. Tried with 5.2; it uses only what 3.2 of macOS has. Bash also splits words at `=`,
 * `:` and `@`, and replaces only the last piece: adjacent pieces are joined for us, and their beginning is removed from the
 * candidates again.
 */
export const BASH_SCRIPT = `# bash completion for kubectl-vouch. In ~/.bashrc: source <(kubectl-vouch completion bash)
__kubectl_vouch_complete() {
  local rest=\${COMP_LINE:0:COMP_POINT} words=() count=-1 piece trimmed i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]}
    trimmed=\${rest#"\${rest%%[![:space:]]*}"}
    if ((count < 0)) || [[ $trimmed != "$rest" ]]; then words[++count]=""; fi
    [[ $trimmed == "$piece"* ]] || piece=$trimmed
    words[count]+=$piece
    rest=\${trimmed#"$piece"}
  done
  words=("\${words[@]//[\\\\\\"\\']/}")

  local current=\${words[count]} flag="" kept="" separator
  if [[ $current == -*=* ]]; then flag=\${current%%=*}=; fi
  for separator in = : @; do
    if [[ $COMP_WORDBREAKS == *"$separator"* && $current == *"$separator"* ]]; then
      piece=\${current%"\${current##*"$separator"}"}
      if ((\${#piece} > \${#kept})); then kept=$piece; fi
    fi
  done

  local tab=$'\\t' line candidate directive="" candidates=()
  while IFS= read -r line; do
    if [[ $line =~ ^:[0-9]+$ ]]; then directive=\${line#:}; else candidates+=("\${line%%"$tab"*}"); fi
  done < <(kubectl-vouch __complete "\${words[@]:1}" 2>/dev/null)
  if [[ $directive == 0 ]] && ((\${#candidates[@]} == 0)); then
    while IFS= read -r line; do candidates+=("$line"); done < <(compgen -f -- "\${current#"$flag"}")
    compopt -o filenames 2>/dev/null
    directive=files
  fi

  COMPREPLY=()
  for candidate in \${candidates[@]+"\${candidates[@]}"}; do
    candidate=$flag$candidate
    COMPREPLY+=("\${candidate#"$kept"}")
  done
}
complete -F __kubectl_vouch_complete kubectl-vouch
`;
