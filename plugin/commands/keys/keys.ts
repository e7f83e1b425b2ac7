import type { Command } from "../../command-line/command-line.ts";
import { NAME_CHOICES, type NameChoice, type OutputChoice } from "../../terminal/output-choice.ts";
import {
  accountOption,
  type CommandContext,
  keyTimeoutOption,
  outputOption,
  pinStdinOption,
  SCHEMAS,
  serverOption,
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

interface ListArguments {
  server: string | undefined;
  account: string | undefined;
  offline: boolean;
  output: NameChoice;
}

function keysListCommand({ app }: CommandContext): Command<ListArguments> {
  return {
    command: "list",
    describe: "List plugged-in and registered keys; requires neither PIN nor touch",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", accountOption)
        .option("offline", {
          type: "boolean",
          default: false,
          describe: "Do not contact the server for the registered keys",
        })
        .option("output", {
          ...outputOption("KeyList"),
          choices: NAME_CHOICES,
        })
        .epilogue(SCHEMAS)
        .example("$0 keys list", "")
        .example("$0 keys list -o name", "Only the devices, one per line")
        .example("$0 keys list -o json | jq '.registered[].id'", "IDs for `keys remove`"),
    handler: async ({ server, account, offline, output }) => {
      const { runKeysList } = await import("./keys.run.ts");
      await runKeysList({ server, account, offline, output }, app);
    },
  };
}

interface AddArguments {
  server: string | undefined;
  account: string | undefined;
  name: string | undefined;
  timeout: number;
  "pin-stdin": boolean;
  output: OutputChoice;
}

function keysAddCommand({ app }: CommandContext): Command<AddArguments> {
  return {
    command: "add",
    describe: "Register the plugged-in security key for the logged-in account",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", accountOption)
        .option("name", {
          type: "string",
          requiresArg: true,
          describe: "Name of the key on the server (default: maker and model)",
        })
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("output", outputOption("KeyAdded"))
        .epilogue(SCHEMAS)
        .example('$0 keys add --name "spare key"', "Log in with the first key, then plug in the second")
        .example("pass show vouch-pin | $0 keys add --pin-stdin", "With the PIN from a password manager"),
    handler: async (options) => {
      const { runKeysAdd } = await import("./keys.run.ts");
      await runKeysAdd(
        {
          server: options.server,
          account: options.account,
          name: options.name,
          timeoutSeconds: options.timeout,
          pinFromStdin: options["pin-stdin"],
          output: options.output,
        },
        app,
      );
    },
  };
}

interface RemoveArguments {
  key: string | undefined;
  server: string | undefined;
  account: string | undefined;
  yes: boolean;
  timeout: number;
  "pin-stdin": boolean;
  output: OutputChoice;
}

function keysRemoveCommand({ app }: CommandContext): Command<RemoveArguments> {
  return {
    command: "remove <key>",
    describe: "Remove a key from the server and end the sessions that it started",
    builder: (declare) =>
      declare
        .positional("key", { type: "string", describe: "ID or name of the key, as in `keys list`" })
        .option("server", serverOption)
        .option("account", accountOption)
        .option("yes", {
          alias: "y",
          type: "boolean",
          default: false,
          describe: "Do not ask for confirmation",
        })
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("output", outputOption("KeyRemoved"))
        .epilogue(SCHEMAS)
        .example('$0 keys remove "lost key"', "The server requires a fresh touch of another key"),
    handler: async (options) => {
      const { runKeysRemove } = await import("./keys.run.ts");
      await runKeysRemove(
        {
          key: options.key ?? "",
          server: options.server,
          account: options.account,
          yes: options.yes,
          timeoutSeconds: options.timeout,
          pinFromStdin: options["pin-stdin"],
          output: options.output,
        },
        app,
      );
    },
  };
}
