import { type Command, type Declaration, defineCommand } from "../../command-line/command-line.ts";
import { type CommandContext, dryRunOption, outputOption } from "../options.ts";

/** The shells we have a script for: how each reads it, and the file that it reads when it starts. */
export const COMPLETION_SHELLS = [
  { shell: "bash", loading: "source <(kubectl-vouch completion bash)", profile: "~/.bashrc" },
  { shell: "zsh", loading: "source <(kubectl-vouch completion zsh)", profile: "~/.zshrc, after compinit" },
  { shell: "fish", loading: "kubectl-vouch completion fish | source", profile: "~/.config/fish/config.fish" },
  {
    shell: "powershell",
    loading: "kubectl-vouch completion powershell | Out-String | Invoke-Expression",
    profile: "$PROFILE",
  },
] as const;

export function completionCommand(context: CommandContext): Command {
  return {
    command: "completion",
    describe: "Set up tab completion for commands, options and names",
    builder: (declare) => {
      for (const each of COMPLETION_SHELLS) declare.command(scriptCommand(each, context));
      return declare
        .command(installCommand(context))
        .command(uninstallCommand(context))
        .example("$0 completion install", "For `kubectl vouch`, in every shell")
        .example("source <(kubectl-vouch completion bash)", "For `kubectl-vouch`, in this bash session")
        .demandCommand("Specify a shell or a command: bash, zsh, fish, powershell, install or uninstall.");
    },
  };
}

function scriptCommand(
  { shell, loading, profile }: (typeof COMPLETION_SHELLS)[number],
  { app }: CommandContext,
): Command {
  return {
    command: shell,
    describe: `Print the script that completes kubectl-vouch in ${shell}`,
    builder: (declare) => declare.example(loading, `Put it in ${profile}`),
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
