import { type Command, defineCommand } from "../../command-line/command-line.ts";
import { NAME_CHOICES } from "../../terminal/output-choice.ts";
import {
  accountOption,
  type CommandContext,
  flag,
  keyTimeoutOption,
  outputOption,
  pinStdinOption,
  serverOption,
  text,
} from "../options.ts";

export function keysCommand(context: CommandContext): Command {
  return {
    command: "keys",
    describe: "Plugged-in and registered security keys",
    builder: (declare) =>
      declare
        .command(keysListCommand(context))
        .command(keysAddCommand(context))
        .command(keysRemoveCommand(context))
        .example("$0 keys", "Same as `keys list`")
        .example("$0 keys add", "Register a second key, in case the first is lost")
        .demandCommand("Specify a command: list, add or remove."),
  };
}

function keysListCommand({ app }: CommandContext) {
  return defineCommand({
    command: "list",
    describe: "List plugged-in and registered keys; requires neither PIN nor touch",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", accountOption)
        .option("offline", flag("Do not contact the server for the registered keys"))
        .option("output", { ...outputOption("KeyList"), choices: NAME_CHOICES })
        .example("$0 keys list", "")
        .example("$0 keys list -o name", "Only the devices, one per line")
        .example("$0 keys list -o json | jq '.registered[].id'", "IDs for `keys remove`"),
    handler: async (options) => (await import("./keys.run.ts")).runKeysList(options, app),
  });
}

function keysAddCommand({ app }: CommandContext) {
  return defineCommand({
    command: "add",
    describe: "Register the plugged-in security key for the logged-in account",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", accountOption)
        .option("name", text("Name of the key on the server (default: maker and model)"))
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("output", outputOption("KeyAdded"))
        .example('$0 keys add --name "spare key"', "Log in with the first key, then plug in the second")
        .example("pass show vouch-pin | $0 keys add --pin-stdin", "With the PIN from a password manager"),
    handler: async (options) => (await import("./keys.run.ts")).runKeysAdd(options, app),
  });
}

function keysRemoveCommand({ app }: CommandContext) {
  return defineCommand({
    command: "remove <key>",
    describe: "Remove a key from the server and end the sessions that it started",
    builder: (declare) =>
      declare
        .positional("key", { type: "string", describe: "ID or name of the key, as in `keys list`" })
        .option("server", serverOption)
        .option("account", accountOption)
        .option("yes", { alias: "y", ...flag("Do not ask for confirmation") })
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("output", outputOption("KeyRemoved"))
        .example('$0 keys remove "lost key"', "The server requires a fresh touch of another key"),
    handler: async (options) =>
      (await import("./keys.run.ts")).runKeysRemove({ ...options, key: options.key ?? "" }, app),
  });
}
