import { VouchError } from "../../../token/errors/errors.ts";
import { defineCommand } from "../../command-line/command-line.ts";
import { accountOption, type CommandContext, flag, outputOption, serverOption, text } from "../options.ts";

export function logoutCommand({ app }: CommandContext) {
  return defineCommand({
    command: "logout",
    describe: "End the session with Vouch or of an AWS profile, and remove its credentials",
    builder: (declare) =>
      declare
        .option("server", serverOption)
        .option("account", accountOption)
        .option(
          "profile",
          text("End the IAM Identity Center session of this AWS profile, also for other tools"),
        )
        .option("all", flag("Every account at every server"))
        .option("output", outputOption("Logout", "ProfileLogout"))
        .example("$0 logout", "The account of the last login")
        .example("$0 logout --profile dev", "The IAM Identity Center session of the profile")
        .example("$0 logout --all", "Every account at every server"),
    handler: async ({ server, account, profile, all, output }) => {
      if (profile !== undefined) {
        if (all || server !== undefined || account !== undefined)
          throw new VouchError("usage", "--profile cannot be combined with --server, --account or --all.");
        const { runProfileLogout } = await import("./logout-profile.run.ts");
        return runProfileLogout({ profile, output }, app);
      }
      const { Desk } = await import("../../workplace/workplace.ts");
      const { runLogout } = await import("./logout.run.ts");
      await runLogout({ server, account, all, output }, new Desk(app));
    },
  });
}
