/**
 * Completion in Windows PowerShell 5.1 and in PowerShell 7. Before 7.3 an empty argument gets lost unless it is quoted
 * twice. Not tried: no machine of ours has PowerShell.
 */
export const POWERSHELL_SCRIPT = `# PowerShell completion for kubectl-vouch. In $PROFILE: kubectl-vouch completion powershell | Out-String | Invoke-Expression
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
