import { defineCommand } from "../command-line/command-line.ts";
import {
  type CommandContext,
  flag,
  keyStoreOption,
  keyTimeoutOption,
  outputOption,
  pinStdinOption,
  serverOption,
} from "./options.ts";

export function enrollCommand(context: CommandContext) {
  return defineCommand({
    command: "enroll",
    describe: "Enroll with a Vouch server, once, in a browser",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("no-browser", flag("Do not open a browser; only show the address and a QR code"))
        .option("add-key", flag("Then register the plugged-in security key without asking"))
        .option("timeout", keyTimeoutOption)
        .option("pin-stdin", pinStdinOption)
        .option("key-store", keyStoreOption)
        .option("output", outputOption("Enrolment"))
        .example("$0 enroll", "Opens the browser; sign in there and approve the code")
        .example("$0 enroll --server https://vouch.example.com", "With your company's own server")
        .example("$0 enroll --no-browser", "On a machine without a browser, using your phone")
        .example("$0 enroll --add-key", "Also register the plugged-in security key"),
    handler: async (options) =>
      (await import("./enroll.run.ts")).runEnroll({ ...options, color: context.color }, context.app),
  });
}
