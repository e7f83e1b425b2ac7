import { defineCommand } from "../command-line/command-line.ts";
import { type CommandContext, outputOption } from "./options.ts";

export function explainCommand({ app }: CommandContext) {
  return defineCommand({
    command: "explain <code>",
    describe: "Explain a doctor finding, by its rule or cause (E3)",
    builder: (declare) =>
      declare
        .positional("code", {
          type: "string",
          demandOption: true,
          describe: "Code of a rule or cause, such as E3",
        })
        .option("output", outputOption("DoctorExplanation"))
        .example("$0 explain E3", ""),
    handler: async ({ code, output }) => (await import("./explain.run.ts")).runExplain({ code, output }, app),
  });
}
