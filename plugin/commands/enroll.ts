import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { Command } from "../command-line/command-line.ts";
import type { OutputChoice } from "../terminal/output-choice.ts";
import {
  type CommandContext,
  keyStoreOption,
  keyTimeoutOption,
  outputOption,
  pinStdinOption,
  SCHEMAS,
  serverOption,
} from "./options.ts";

interface EnrollArguments {
  server: string | undefined;
  "no-browser": boolean;
  "add-key": boolean;
  timeout: number;
  "pin-stdin": boolean;
  "key-store": KeyStoreKind | undefined;
  output: OutputChoice;
}

export function enrollCommand(context: CommandContext): Command<EnrollArguments> {
  return {
    command: "enroll",
    describe: "Enroll with a Vouch server, once, in a browser",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("no-browser", {
          type: "boolean",
          default: false,
          describe: "Do not open a browser; only show the address and a QR code",
        })
        .option("add-key", {
          type: "boolean",
          default: false,
          describe: "Then register the plugged-in security key without asking",
        })
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("key-store", keyStoreOption)
        .option("output", outputOption("Enrolment"))
        .epilogue(SCHEMAS)
        .example("$0 enroll", "Opens the browser; sign in there and approve the code")
        .example("$0 enroll --server https://vouch.example.com", "With your company's own server")
        .example("$0 enroll --no-browser", "On a machine without a browser, using your phone")
        .example("$0 enroll --add-key", "Also register the plugged-in security key"),
    handler: async (options) => {
      const { runEnroll } = await import("./enroll.run.ts");
      await runEnroll(
        {
          server: options.server,
          noBrowser: options["no-browser"],
          addKey: options["add-key"],
          timeoutSeconds: options.timeout,
          pinFromStdin: options["pin-stdin"],
          keyStore: options["key-store"],
          output: options.output,
          color: context.color,
        },
        context.app,
      );
    },
  };
}
