import { VouchError } from "../../token/errors/errors.ts";
import type { Command } from "../command-line/declaration.ts";
import type { TableChoice } from "../terminal/output-choice.ts";
import type { CommandContext } from "./command-context.ts";
import { kubeconfigOption, SCHEMAS, serverOption, tableOption } from "./options.ts";

interface StatusArguments {
  server: string | undefined;
  kubeconfig: string | undefined;
  offline: boolean;
  prompt: boolean;
  output: TableChoice;
}

export function statusCommand(context: CommandContext): Command<StatusArguments> {
  return {
    command: "status",
    describe: "Who is logged in, how long, and for which contexts",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("kubeconfig", kubeconfigOption)
        .option("offline", {
          type: "boolean",
          default: false,
          describe: "Do not ask the server whether the session is still valid",
        })
        .option("prompt", {
          type: "boolean",
          default: false,
          describe:
            "A few letters for a shell's prompt, in less than a millisecond, without asking any server",
        })
        .option("output", tableOption("Status"))
        .epilogue(SCHEMAS)
        .example(
          "$0 status",
          "The exit status is 2 while a context, or the server that you name, needs a login",
        )
        .example(
          "$0 status -o json | jq .authenticated",
          "In a script: whether somebody is logged in to Vouch",
        )
        .example(
          "PS1='$(kubectl-vouch status --prompt) $ '",
          "In bash's prompt; not through kubectl, which is slow",
        ),
    handler: async ({ server, kubeconfig, offline, prompt, output }) => {
      if (prompt && output !== "text")
        throw new VouchError("usage", "--prompt and --output exclude each other.", {
          hint: "A prompt is text only.",
        });
      if (prompt) {
        const { runPrompt } = await import("./status-prompt.run.ts");
        return runPrompt({ server }, context.app);
      }
      const { runStatus } = await import("./status.run.ts");
      context.exit = await runStatus({ server, kubeconfig, offline, output }, context.app);
    },
  };
}
