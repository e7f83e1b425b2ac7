import { type Command, defineCommand } from "../../command-line/command-line.ts";
import type { CommandContext } from "../options.ts";
import { OPTIONS as AWS_OPTIONS } from "./setup-aws.options.ts";
import { OPTIONS as EKS_OPTIONS } from "./setup-eks.options.ts";

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

function setupEksCommand(context: CommandContext) {
  return defineCommand({
    command: "eks",
    describe: "Write a kubectl context for an EKS cluster",
    builder: (declare) =>
      declare
        .options(EKS_OPTIONS)
        .example("$0 setup eks", "Pick the cluster from a list, at a terminal")
        .example("$0 setup eks --cluster lab", "Context lab-vouch, with your Vouch profile")
        .example("$0 setup eks --cluster lab --profile dev", "Context lab-dev, with any AWS profile")
        .example("$0 setup eks --all --profile 'prod-*' --regions eu-west-1 us-east-1 --prune", "")
        .example("$0 setup eks --all --migrate --in-place", "Keep the contexts; switch their users")
        .example(
          "$0 setup eks --cluster lab --agent-role arn:aws:iam::111122223333:role/ReadOnly",
          "AI agents get this role; you keep yours",
        )
        .example("$0 setup eks --undo", "Restore the kubeconfig"),
    handler: async (options) => {
      const { runSetupEks } = await import("./setup-eks.run.ts");
      context.exit = await runSetupEks(
        {
          ...options,
          contextName: options.contextName ?? options.context,
          tag: options.tag ?? [],
          regions: (options.regions ?? []).flatMap((word) => word.split(",")).filter((word) => word !== ""),
        },
        context.app,
        context.color,
      );
    },
  });
}

function setupAwsCommand(context: CommandContext) {
  return defineCommand({
    command: "aws",
    describe: "Write AWS profiles that get their credentials from Vouch or IAM Identity Center",
    builder: (declare) =>
      declare
        .options(AWS_OPTIONS)
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
