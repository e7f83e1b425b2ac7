/** Completion in zsh, after its `compinit`; by `source`, or as the file `_kubectl-vouch` in a folder of `fpath`. */
export const ZSH_SCRIPT = `#compdef kubectl-vouch
# zsh completion for kubectl-vouch. In ~/.zshrc, after compinit: source <(kubectl-vouch completion zsh)
_kubectl-vouch() {
  local line value directive=""
  local -a typed candidates
  typed=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  for line in "\${(@f)$(kubectl-vouch __complete "\${typed[@]}" 2>/dev/null)}"; do
    if [[ $line == :<-> ]]; then
      directive=\${line#:}
    elif [[ -n $line ]]; then
      value=\${\${line%%$'\\t'*}//:/\\\\:}
      if [[ $line == *$'\\t'* ]]; then value+=:\${line#*$'\\t'}; fi
      candidates+=("$value")
    fi
  done
  if [[ $PREFIX == -*=* ]]; then compset -P 1 '*='; fi
  if (( \${#candidates} )); then
    _describe -t values kubectl-vouch candidates
  elif [[ $directive == 0 ]]; then
    _files
  fi
}
if [[ \${funcstack[1]} == _kubectl-vouch ]]; then
  _kubectl-vouch "$@"
else
  compdef _kubectl-vouch kubectl-vouch
fi
`;
