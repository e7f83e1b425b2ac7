import { type Command, defineCommand } from "../../command-line/command-line.ts";
import { type CommandContext, flag, outputOption, serverOption, tableOption } from "../options.ts";

export function configCommand(context: CommandContext): Command {
  return {
    command: "config",
    describe: "Show and change the settings",
    builder: (declare) =>
      declare
        .command(configViewCommand(context))
        .command(configListCommand(context))
        .command(configSetCommand(context))
        .command(configUnsetCommand(context))
        .example("$0 config view --show-origin", "All effective settings and where they come from")
        .example("$0 config set server https://vouch.example.com", "")
        .demandCommand("Specify a command: view, list, set or unset."),
  };
}

function configViewCommand({ app }: CommandContext) {
  return defineCommand({
    command: "view",
    describe: "Print all effective settings",
    builder: (declare) =>
      declare
        .option("show-origin", flag("Show where each value comes from"))
        .option("server", serverOption)
        .option("output", tableOption("Settings"))
        .example("$0 config view --show-origin", ""),
    handler: async (options) => (await import("./config-view.run.ts")).runConfigView(options, app),
  });
}

function configListCommand({ app }: CommandContext) {
  return defineCommand({
    command: "list",
    describe: "Print all settings with their defaults and meanings",
    builder: (declare) => declare.option("output", outputOption("SettingList")).example("$0 config list", ""),
    handler: async ({ output }) => (await import("./config-edit.run.ts")).runConfigList(output, app),
  });
}

const SETTING = {
  type: "string",
  demandOption: true,
  describe: "Name of the setting, as in `config list`",
} as const;

function configSetCommand({ app }: CommandContext) {
  return defineCommand({
    command: "set <setting> <value>",
    describe: "Set a value in config.yaml",
    builder: (declare) =>
      declare
        .positional("setting", SETTING)
        .positional("value", { type: "string", demandOption: true, describe: "The new value" })
        .option("output", outputOption("Setting"))
        .example("$0 config set server https://vouch.example.com", "")
        .example("$0 config set cache off", "Cache nothing between calls"),
    handler: async (options) =>
      (await import("./config-edit.run.ts")).runConfigSet({ ...options, name: options.setting }, app),
  });
}

function configUnsetCommand({ app }: CommandContext) {
  return defineCommand({
    command: "unset <setting>",
    describe: "Remove a setting from config.yaml",
    builder: (declare) =>
      declare
        .positional("setting", SETTING)
        .option("output", outputOption("Setting"))
        .example("$0 config unset server", ""),
    handler: async (options) =>
      (await import("./config-edit.run.ts")).runConfigUnset({ ...options, name: options.setting }, app),
  });
}
