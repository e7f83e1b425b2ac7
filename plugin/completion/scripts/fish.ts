/** Completion in fish, 3 and newer. */
export const FISH_SCRIPT = `# fish completion for kubectl-vouch. In ~/.config/fish/config.fish: kubectl-vouch completion fish | source
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
