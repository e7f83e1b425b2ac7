import type { CommandModule } from "yargs";
import type { OutputChoice } from "../terminal/output-choice.ts";
import type { CommandContext } from "./command-context.ts";
import { accountOption, outputOption, SCHEMAS, serverOption } from "./options.ts";

interface LogoutArguments {
  server: string | undefined;
  account: string | undefined;
  all: boolean;
  output: OutputChoice;
}

export function logoutCommand({ app }: CommandContext): CommandModule<unknown, LogoutArguments> {
  return {
    command: "logout",
    describe: "End the session at the server and forget its credentials here",
    builder: (yargs) =>
      yargs
        .option("server", serverOption)
        .option("account", accountOption)
        .option("all", { type: "boolean", default: false, describe: "Every account at every server" })
        .option("output", outputOption("Logout"))
        .epilogue(SCHEMAS)
        .example("$0 logout", "The account of the last login")
        .example("$0 logout --all", "Everybody, everywhere"),
    handler: async ({ server, account, all, output }) => {
      const { runLogout } = await import("./logout.run.ts");
      await runLogout({ server, account, all, output }, app);
    },
  };
}
