import { type Command, defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, outputOption } from "./options.ts";

export function tokenCommand(context: CommandContext): Command {
  return {
    command: "token",
    describe: "Inspect an EKS token",
    builder: (declare) =>
      declare
        .command(tokenExplainCommand(context))
        .example("aws eks get-token --cluster-name lab | $0 token explain", "A token from a different tool")
        .demandCommand("Specify a command: explain."),
  };
}

function tokenExplainCommand(context: CommandContext) {
  return defineCommand({
    command: "explain [token]",
    describe: "Decode and check a token offline, without showing its secret parts",
    builder: (declare) =>
      declare
        .positional("token", {
          type: "string",
          describe: "Token or ExecCredential (preferably on standard input)",
        })
        .option("output", outputOption("TokenExplanation"))
        .example("aws eks get-token --cluster-name lab | $0 token explain", "A token from a different tool")
        .example("kubectl vouch credential eks --cluster-name lab | $0 token explain -o json", ""),
    handler: async ({ token, output }) => {
      const { runTokenExplain } = await import("./token-explain.run.ts");
      context.exit = await runTokenExplain({ token, output }, context.app);
    },
  });
}
