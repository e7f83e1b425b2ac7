import { type Command, defineCommand } from "../../command-line/command-line.ts";
import {
  accountOption,
  type CommandContext,
  outputOption,
  SCHEMAS,
  serverOption,
  text,
  viaOption,
  writeOptions,
} from "../options.ts";
import { setupEksCommand } from "./setup-eks.ts";

export function setupCommand(context: CommandContext): Command {
  return {
    command: "setup",
    describe: "Set up kubectl with Vouch or any AWS profile, and AWS tools with Vouch",
    builder: (declare) =>
      declare
        .command(setupEksCommand(context))
        .command(setupAwsCommand(context))
        .example("$0 setup eks --cluster lab", "A kubectl context")
        .example("$0 setup eks --cluster lab --profile dev", "The same with an AWS profile")
        .example("$0 setup aws --role ARN", "An AWS profile")
        .demandCommand("Specify what to set up: eks or aws."),
  };
}

const OPTIONS = {
  role: text("ARN of the role"),
  via: viaOption,
  profile: text("Name of the profile (default: vouch, vouch-2, …)"),
  region: text("Region of the profile"),
  server: serverOption,
  account: accountOption,
  ...writeOptions,
  output: outputOption("AwsSetup", "SetupUndone"),
} as const;

function setupAwsCommand({ app }: CommandContext) {
  return defineCommand({
    command: "aws",
    describe: "Write an AWS profile that gets its credentials from Vouch",
    builder: (declare) =>
      declare
        .options(OPTIONS)
        .epilogue(SCHEMAS)
        .example("$0 setup aws --role arn:aws:iam::111122223333:role/Dev --region eu-west-1", "")
        .example("$0 setup aws --undo", "Restore the AWS config"),
    handler: async (options) => {
      const { runSetupAws } = await import("./setup-aws.run.ts");
      await runSetupAws(options, app);
    },
  });
}
