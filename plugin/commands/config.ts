import type { CommandModule } from "yargs";
import type { OutputChoice } from "../terminal/output-choice.ts";
import type { CommandContext } from "./command-context.ts";
import { outputOption, serverOption } from "./options.ts";

interface ConfigViewArguments {
  "show-origin": boolean;
  server: string | undefined;
  output: OutputChoice;
}

export function configCommand(context: CommandContext): CommandModule {
  return {
    command: "config",
    describe: "Look at the settings",
    builder: (yargs) =>
      yargs
        .command(configViewCommand(context))
        .example("$0 config view --show-origin", "Every setting, and who said so")
        .demandCommand(1, "Say what to do with them: view."),
    handler: () => undefined,
  };
}

function configViewCommand({ app }: CommandContext): CommandModule<unknown, ConfigViewArguments> {
  return {
    command: "view",
    describe: "Print every setting in force",
    builder: (yargs) =>
      yargs
        .option("show-origin", {
          type: "boolean",
          default: false,
          describe: "Say where each value comes from",
        })
        .option("server", serverOption)
        .option("output", outputOption)
        .example("$0 config view --show-origin", ""),
    handler: async (options) => {
      const { runConfigView } = await import("./config-view.run.ts");
      runConfigView(
        { showOrigin: options["show-origin"], server: options.server, output: options.output },
        app,
      );
    },
  };
}
