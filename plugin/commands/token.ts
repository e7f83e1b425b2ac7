import type { CommandModule } from "yargs";
import type { OutputChoice } from "../terminal/output-choice.ts";
import type { CommandContext } from "./command-context.ts";
import { outputOption, SCHEMAS } from "./options.ts";

export function tokenCommand(context: CommandContext): CommandModule {
  return {
    command: "token",
    describe: "Inspect an EKS token",
    builder: (yargs) =>
      yargs
        .command(tokenExplainCommand(context))
        .example("aws eks get-token --cluster-name lab | $0 token explain", "A token from another tool")
        .demandCommand(1, "Say what to do with it: explain."),
    handler: () => undefined,
  };
}

function tokenExplainCommand(
  context: CommandContext,
): CommandModule<unknown, { token: string | undefined; output: OutputChoice }> {
  return {
    command: "explain [token]",
    describe: "Decode and check a token offline, without its secret parts",
    builder: (yargs) =>
      yargs
        .positional("token", {
          type: "string",
          describe: "The token, or an ExecCredential; preferably from standard input",
        })
        .option("output", outputOption("TokenExplanation"))
        .epilogue(SCHEMAS)
        .example("aws eks get-token --cluster-name lab | $0 token explain", "A token from another tool")
        .example("kubectl vouch credential eks --cluster-name lab | $0 token explain -o json", ""),
    handler: async ({ token, output }) => {
      const { runTokenExplain } = await import("./token-explain.run.ts");
      context.exit = await runTokenExplain({ token, output }, context.app);
    },
  };
}
