import { defineCommand } from "../../command-line/command-line.ts";
import type { CommandContext } from "../options.ts";
import { OPTIONS } from "./setup-aws.options.ts";

export function setupAwsCommand(context: CommandContext) {
  return defineCommand({
    command: "aws",
    describe: "Write AWS profiles that get their credentials from Vouch or IAM Identity Center",
    builder: (declare) =>
      declare
        .options(OPTIONS)
        .example("$0 setup aws --role arn:aws:iam::111122223333:role/Dev --region eu-west-1", "")
        .example(
          "$0 setup aws --sso-start-url https://acme.awsapps.com/start --sso-region eu-west-1",
          "A profile for each of your accounts and roles; run it again to add, rename and remove profiles",
        )
        .example(
          "$0 setup aws --sso-start-url https://acme.awsapps.com/start --match '*-Developer' --region eu-west-1 --diff",
          "",
        )
        .example("$0 setup aws --undo", "Restore the AWS config"),
    handler: async (options) => {
      const { app, color } = context;
      const { runSetupAws } = await import("./setup-aws.run.ts");
      context.exit = await runSetupAws(options, { app, color });
    },
  });
}
