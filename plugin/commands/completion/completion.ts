import { type Command, type Declaration, defineCommand } from "../../command-line/command-line.ts";
import { type CommandContext, dryRunOption, outputOption } from "../options.ts";

/** The shells we have a script for. */
export const COMPLETION_SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
type CompletionShell = (typeof COMPLETION_SHELLS)[number];

export function completionCommand(context: CommandContext): Command {
  return {
    command: "completion",
    describe: "Set up tab completion for commands, options and names",
    builder: (declare) => {
      for (const shell of COMPLETION_SHELLS) declare.command(scriptCommand(shell, context));
      return declare
        .command(installCommand(context))
        .command(uninstallCommand(context))
        .example("$0 completion install", "For `kubectl vouch`, in every shell")
        .example("source <(kubectl-vouch completion bash)", "For `kubectl-vouch`, in this bash session")
        .demandCommand("Specify a shell or a command: bash, zsh, fish, powershell, install or uninstall.");
    },
  };
}

/** How each shell reads the script. */
const LOADING: Readonly<Record<CompletionShell, string>> = {
  bash: "source <(kubectl-vouch completion bash)",
  zsh: "source <(kubectl-vouch completion zsh)",
  fish: "kubectl-vouch completion fish | source",
  powershell: "kubectl-vouch completion powershell | Out-String | Invoke-Expression",
};

/** The file that each shell reads when it starts. */
const PROFILES: Readonly<Record<CompletionShell, string>> = {
  bash: "~/.bashrc",
  zsh: "~/.zshrc, after compinit",
  fish: "~/.config/fish/config.fish",
  powershell: "$PROFILE",
};

function scriptCommand(shell: CompletionShell, { app }: CommandContext): Command {
  return {
    command: shell,
    describe: `Print the script that completes kubectl-vouch in ${shell}`,
    builder: (declare) => declare.example(LOADING[shell], `Put it in ${PROFILES[shell]}`),
    handler: async () => (await import("./completion.run.ts")).runCompletionScript(shell, app),
  };
}

function installCommand({ app }: CommandContext) {
  return defineCommand({
    command: "install",
    describe: "Set up tab completion for `kubectl vouch` by adding a file next to kubectl-vouch",
    builder: (declare) =>
      fileOptions(declare).example(
        "$0 completion install",
        "Requires kubectl 1.26 or newer with kubectl completion",
      ),
    handler: async (options) => (await import("./completion.run.ts")).runCompletionInstall(options, app),
  });
}

function uninstallCommand({ app }: CommandContext) {
  return defineCommand({
    command: "uninstall",
    describe: "Remove the file that install added",
    builder: (declare) => fileOptions(declare).example("$0 completion uninstall", ""),
    handler: async (options) => (await import("./completion.run.ts")).runCompletionUninstall(options, app),
  });
}

function fileOptions<T>(declare: Declaration<T>) {
  return declare.option("dry-run", dryRunOption).option("output", outputOption("CompletionFile"));
}
