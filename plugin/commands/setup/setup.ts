import type { Command } from "../../command-line/command-line.ts";
import type { CommandContext } from "../options.ts";
import { setupAwsCommand } from "./setup-aws.ts";
import { setupEksCommand } from "./setup-eks.ts";

export function setupCommand(context: CommandContext): Command {
  return {
    command: "setup",
    describe: "Set up kubectl with Vouch or any AWS profile, and write AWS profiles",
    builder: (declare) =>
      declare
        .command(setupEksCommand(context))
        .command(setupAwsCommand(context))
        .example("$0 setup eks --cluster lab", "A kubectl context")
        .example("$0 setup eks --cluster lab --profile dev", "The same with an AWS profile")
        .example("$0 setup aws --role ARN", "An AWS profile")
        .example("$0 setup aws --sso-start-url URL", "An AWS profile for each of your accounts and roles")
        .demandCommand("Specify what to set up: eks or aws."),
  };
}
