import type { CommandModule } from "yargs";
import type { OutputChoice } from "../output.ts";
import type { CommandContext } from "./command-context.ts";
import { accountOption, kubeconfigOption, outputOption, serverOption } from "./options.ts";

export function setupCommand(context: CommandContext): CommandModule {
  return {
    command: "setup",
    describe: "Make kubectl and AWS tools use Vouch",
    builder: (yargs) =>
      yargs
        .command(setupEksCommand(context))
        .command(setupAwsCommand(context))
        .example("$0 setup eks --cluster lab", "A kubectl context")
        .example("$0 setup aws --role ARN", "An AWS profile")
        .demandCommand(1, "Say what for: eks or aws."),
    handler: () => undefined,
  };
}

const WRITE_OPTIONS = {
  "dry-run": { type: "boolean", default: false, describe: "Show the changes, write nothing" },
  diff: { type: "boolean", default: false, describe: "Show the changes that are made" },
  undo: { type: "boolean", default: false, describe: "Take back the last change that setup made" },
} as const;

interface WriteArguments {
  "dry-run": boolean;
  diff: boolean;
  undo: boolean;
}

interface SetupEksArguments extends WriteArguments {
  cluster: string | undefined;
  region: string | undefined;
  profile: string | undefined;
  kubeconfig: string | undefined;
  role: string | undefined;
  via: string[] | undefined;
  server: string | undefined;
  account: string | undefined;
  "context-name": string | undefined;
  namespace: string | undefined;
  all: boolean;
  match: string | undefined;
  regions: string[] | undefined;
  prune: boolean;
  absolute: boolean;
  interactive: boolean;
  migrate: boolean;
  output: OutputChoice;
}

function setupEksCommand({ app }: CommandContext): CommandModule<unknown, SetupEksArguments> {
  return {
    command: "eks",
    describe: "Write a kubectl context for an EKS cluster",
    builder: (yargs) =>
      yargs
        .option("cluster", { type: "string", requiresArg: true, describe: "Name of the EKS cluster" })
        .option("region", {
          type: "string",
          requiresArg: true,
          describe: "AWS region (else AWS_REGION, the profile)",
        })
        .option("profile", { type: "string", requiresArg: true, describe: "AWS profile that names the role" })
        .option("role", {
          type: "string",
          requiresArg: true,
          describe: "ARN of the role to be (else that of the profile)",
        })
        .option("via", {
          type: "string",
          array: true,
          nargs: 1,
          describe: "ARN of a role to pass through; may be given several times",
        })
        .option("kubeconfig", kubeconfigOption)
        .option("server", serverOption)
        .option("account", accountOption)
        .option("context-name", {
          type: "string",
          requiresArg: true,
          describe: "Name of the context; {cluster} {region} {account} {role} are filled in",
        })
        .option("namespace", {
          alias: "n",
          type: "string",
          requiresArg: true,
          describe: "Namespace of the context",
        })
        .option("all", {
          type: "boolean",
          default: false,
          describe: "Every cluster of the account and region",
        })
        .option("match", {
          type: "string",
          requiresArg: true,
          describe: "With --all: only clusters of such names (prod-*)",
        })
        .option("regions", {
          type: "string",
          array: true,
          requiresArg: true,
          describe: "With --all: these regions",
        })
        .option("prune", {
          type: "boolean",
          default: false,
          describe: "With --all: remove our contexts of clusters that are gone",
        })
        .option("absolute", {
          type: "boolean",
          default: false,
          describe: "Write the full path of kubectl-vouch, for programs with another PATH",
        })
        .option("interactive", {
          type: "boolean",
          default: false,
          describe: "Let kubectl ask for a login when the session is over",
        })
        .option("migrate", {
          type: "boolean",
          default: false,
          describe: "Also switch entries that use aws, aws-iam-authenticator or vouch for this cluster",
        })
        .options(WRITE_OPTIONS)
        .option("output", outputOption)
        .example("$0 setup eks --cluster lab", "Context lab-vouch, with the role of your AWS profile")
        .example(
          "$0 setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --diff",
          "",
        )
        .example("$0 setup eks --all --regions eu-west-1 us-east-1 --match 'prod-*' --prune", "")
        .example("$0 setup eks --undo", "The kubeconfig as it was before"),
    handler: async (options) => {
      const { runSetupEks } = await import("./setup-eks.run.ts");
      await runSetupEks(
        {
          ...options,
          via: options.via,
          contextName: options["context-name"],
          regions: (options.regions ?? []).flatMap((word) => word.split(",")).filter((word) => word !== ""),
          dryRun: options["dry-run"],
        },
        app,
      );
    },
  };
}

interface SetupAwsArguments extends WriteArguments {
  role: string | undefined;
  via: string[] | undefined;
  profile: string | undefined;
  region: string | undefined;
  server: string | undefined;
  account: string | undefined;
  output: OutputChoice;
}

function setupAwsCommand({ app }: CommandContext): CommandModule<unknown, SetupAwsArguments> {
  return {
    command: "aws",
    describe: "Write an AWS profile that gets its credentials from Vouch",
    builder: (yargs) =>
      yargs
        .option("role", { type: "string", requiresArg: true, describe: "ARN of the role" })
        .option("via", {
          type: "string",
          array: true,
          nargs: 1,
          describe: "ARN of a role to pass through; may be given several times",
        })
        .option("profile", {
          type: "string",
          requiresArg: true,
          describe: "Name of the profile (else vouch, vouch-2, …)",
        })
        .option("region", { type: "string", requiresArg: true, describe: "Region of the profile" })
        .option("server", serverOption)
        .option("account", accountOption)
        .options(WRITE_OPTIONS)
        .option("output", outputOption)
        .example("$0 setup aws --role arn:aws:iam::111122223333:role/Dev --region eu-west-1", "")
        .example("$0 setup aws --undo", "The AWS config as it was before"),
    handler: async (options) => {
      const { runSetupAws } = await import("./setup-aws.run.ts");
      await runSetupAws({ ...options, dryRun: options["dry-run"] }, app);
    },
  };
}
