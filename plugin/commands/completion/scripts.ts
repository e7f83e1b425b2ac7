/**
 * Completion in bash, with nothing but bash. Tried with 5.2; it uses only what 3.2 of macOS has. Bash also splits words at `=`,
 * `:` and `@`, and replaces only the last piece: adjacent pieces are joined for us, and their beginning is removed from the
 * candidates again.
 */
const BASH_SCRIPT = `# bash completion for kubectl-vouch. In ~/.bashrc: source <(kubectl-vouch completion bash)
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

/** Completion in fish, 3 and newer. */
const FISH_SCRIPT = `# fish completion for kubectl-vouch. In ~/.config/fish/config.fish: kubectl-vouch completion fish | source
function __kubectl_vouch_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l flag (string match -r -- '^-[^=]*=' "$current")
    set -l lines (kubectl-vouch __complete $words[2..-1] "$current" 2>/dev/null)
    set -l directive "$lines[-1]"
    set -e lines[-1]
    for line in $lines
        printf '%s\\n' "$flag$line"
    end
    if test "$directive" = :0 -a -z "$lines"
        for line in (__fish_complete_path (string replace -r -- '^-[^=]*=' '' "$current"))
            printf '%s\\n' "$flag$line"
        end
    end
end
complete -c kubectl-vouch -f -a '(__kubectl_vouch_complete)'
`;

/**
 * Completion in Windows PowerShell 5.1 and in PowerShell 7. Before 7.3 an empty argument gets lost unless it is quoted
 * twice. Not tried: no machine of ours has PowerShell.
 */
const POWERSHELL_SCRIPT = `# PowerShell completion for kubectl-vouch. In $PROFILE: kubectl-vouch completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName 'kubectl-vouch', 'kubectl-vouch.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object { $_.Extent.Text.Trim([char]34, [char]39) })
    $typed = "$wordToComplete".Trim([char]34, [char]39)
    $flag = if ($typed -match '^-[^=]*=') { $Matches[0] } else { '' }
    if ($typed -eq '' -and $PSVersionTable.PSVersion -lt [version]'7.3') { $typed = '""' }

    $lines = @(& kubectl-vouch __complete @words $typed 2>$null)
    if ($lines.Count -eq 0) { return }
    $candidates = @($lines | Select-Object -SkipLast 1)
    # An empty candidate keeps PowerShell from naming files.
    if ($candidates.Count -eq 0 -and $lines[-1] -ne ':0') { return '' }
    foreach ($line in $candidates) {
        $value, $describe = $line -split [char]9, 2
        $text = "$flag$value"
        if (-not $describe) { $describe = $value }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $describe)
    }
}
`;

/** Completion in zsh, after its `compinit`; by `source`, or as the file `_kubectl-vouch` in a folder of `fpath`. */
const ZSH_SCRIPT = `#compdef kubectl-vouch
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

/** The script for each shell. */
export const SCRIPTS = {
  bash: BASH_SCRIPT,
  zsh: ZSH_SCRIPT,
  fish: FISH_SCRIPT,
  powershell: POWERSHELL_SCRIPT,
};
