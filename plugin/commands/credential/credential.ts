import { type Command, defineCommand } from "../../command-line/command-line.ts";
import {
  ambientOption,
  anyProfileOption,
  type CommandContext,
  clusterIdOption,
  clusterOption,
  flag,
  ROLE_OPTIONS,
  sessionNameOption,
  text,
} from "../options.ts";

export function credentialCommand(context: CommandContext): Command {
  return {
    command: "credential",
    describe: "Credentials for kubectl and for AWS tools (they run this for you)",
    builder: (declare) =>
      declare
        .command(credentialEksCommand(context))
        .command(credentialAwsCommand(context))
        .example("$0 credential eks --cluster-name lab", "What kubectl runs")
        .example("$0 credential aws --profile vouch", "What AWS tools run")
        .demandCommand("Specify which credentials: eks or aws."),
  };
}

function credentialEksCommand(context: CommandContext) {
  return defineCommand({
    command: "eks",
    describe: "Print an ExecCredential for kubectl",
    builder: (declare) =>
      declare
        .option("cluster-name", { ...clusterOption, demandOption: true })
        .options({
          "cluster-id": clusterIdOption,
          ...ROLE_OPTIONS,
          "session-name": sessionNameOption,
          profile: anyProfileOption,
          ambient: ambientOption,
          "agent-role": text("ARN of the role for AI agents"),
          protected: flag("Ask before kubectl changes something"),
          "no-cache": flag("Issue one token, without reading or writing any cache"),
        })
        .example(
          "$0 credential eks --cluster-name lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev",
          "",
        )
        .example("$0 credential eks --cluster-name lab --region eu-west-1 --profile dev", ""),
    handler: async (options) => {
      const { runCredentialEks } = await import("./credential-eks.run.ts");
      context.exit = await runCredentialEks(options, context.app);
    },
  });
}

function credentialAwsCommand({ app }: CommandContext) {
  return defineCommand({
    command: "aws",
    describe: "Print credentials for an AWS profile (credential_process)",
    builder: (declare) =>
      declare
        .options(ROLE_OPTIONS)
        .example("$0 credential aws --role arn:aws:iam::111122223333:role/Dev", ""),
    handler: async (options) => (await import("./credential-aws.run.ts")).runCredentialAws(options, app),
  });
}
