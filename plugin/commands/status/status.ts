import { VouchError } from "../../../token/errors/errors.ts";
import { defineCommand } from "../../command-line/command-line.ts";
import { type CommandContext, flag, kubeconfigOption, serverOption, tableOption } from "../options.ts";

export function statusCommand(context: CommandContext) {
  return defineCommand({
    command: "status",
    describe: "Show who is logged in, for how long, and for which contexts",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("kubeconfig", kubeconfigOption)
        .option("offline", flag("Do not contact the server to verify the session"))
        .option(
          "prompt",
          flag(
            "Print a short text for a shell prompt, in under a millisecond, without contacting a server: the session of the current context or AWS_PROFILE, or that of Vouch",
          ),
        )
        .option("output", tableOption("Status"))
        .example(
          "$0 status",
          "The exit status is 2 while a context, or the server that you specify, needs a login",
        )
        .example("$0 status -o json | jq .authenticated", "In a script: whether you are logged in to Vouch")
        .example(
          "PS1='$(kubectl-vouch status --prompt) $ '",
          "In the bash prompt; run directly, since kubectl is slow",
        ),
    handler: async (options) => {
      const { prompt, output } = options;
      if (prompt && output !== "text")
        throw new VouchError("usage", "--prompt and --output cannot be combined.", {
          hint: "--prompt prints only text.",
        });
      if (prompt) {
        const { runPrompt } = await import("./status-prompt.run.ts");
        return await runPrompt(options, context.app);
      }
      const { runStatus } = await import("./status.run.ts");
      context.exit = await runStatus(options, context.app);
    },
  });
}
