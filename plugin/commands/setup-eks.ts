import type { CommandModule, InferredOptionTypes } from "yargs";
import type { CommandContext } from "./command-context.ts";
import {
  accountOption,
  kubeconfigOption,
  outputOption,
  SCHEMAS,
  serverOption,
  viaOption,
  writeOptions,
} from "./options.ts";

const WHICH_OPTIONS = {
  cluster: { type: "string", requiresArg: true, describe: "Name of the EKS cluster" },
  region: { type: "string", requiresArg: true, describe: "AWS region (else AWS_REGION, the profile)" },
  profile: { type: "string", requiresArg: true, describe: "AWS profile to use, of any kind" },
  ambient: {
    type: "boolean",
    default: false,
    describe: "No profile: whatever AWS credentials the caller of kubectl has",
  },
  role: {
    type: "string",
    requiresArg: true,
    describe:
      "IAM role ARN to assume: with Vouch, or with --profile by that profile (default: the profile's)",
  },
  via: viaOption,
  kubeconfig: kubeconfigOption,
  server: serverOption,
  account: accountOption,
} as const;

const WHAT_OPTIONS = {
  "context-name": {
    type: "string",
    requiresArg: true,
    describe:
      "Name of the context (also --context); {cluster} {region} {account} {role} {profile} are filled in",
  },
  context: { type: "string", requiresArg: true, hidden: true, conflicts: "context-name" },
  namespace: { alias: "n", type: "string", requiresArg: true, describe: "Namespace of the context" },
  use: { type: "boolean", default: false, describe: "Make the context the current one" },
  all: { type: "boolean", default: false, describe: "Every cluster of the account and region" },
  "all-profiles": {
    type: "boolean",
    default: false,
    describe: "With --all: for every AWS profile there is, a context each",
  },
  "describe-profile": {
    type: "string",
    requiresArg: true,
    describe: "AWS profile that may describe the cluster, where the one to use may not",
  },
  "approve-process": {
    type: "boolean",
    default: false,
    describe: "Agree to the credential_process of the profile without being asked",
  },
  match: {
    type: "string",
    requiresArg: true,
    describe: "With --all: only clusters of such names (prod-*)",
  },
  tag: {
    type: "string",
    array: true,
    nargs: 1,
    describe: "With --all: only clusters with this AWS tag (KEY=VALUE, or KEY); several mean all of them",
  },
  regions: { type: "string", array: true, requiresArg: true, describe: "With --all: these regions" },
  prune: {
    type: "boolean",
    default: false,
    describe: "With --all: remove our contexts of clusters that are gone",
  },
  absolute: {
    type: "boolean",
    default: false,
    describe: "Write the full path of kubectl-vouch, for programs with another PATH",
  },
  interactive: {
    type: "boolean",
    default: false,
    describe: "Let kubectl ask for a login when the session is over",
  },
  migrate: {
    type: "boolean",
    default: false,
    describe: "Also switch entries that use aws, aws-iam-authenticator or vouch for this cluster",
  },
  "in-place": {
    type: "boolean",
    default: false,
    describe: "With --migrate: only switch entries, and add no context beside them",
  },
} as const;

const OPTIONS = {
  ...WHICH_OPTIONS,
  ...WHAT_OPTIONS,
  ...writeOptions,
  output: outputOption("EksSetup", "SetupUndone"),
} as const;

export function setupEksCommand(
  context: CommandContext,
): CommandModule<unknown, InferredOptionTypes<typeof OPTIONS>> {
  return {
    command: "eks",
    describe: "Write a kubectl context for an EKS cluster",
    builder: (yargs) =>
      yargs
        .options(OPTIONS)
        .epilogue(SCHEMAS)
        .example("$0 setup eks --cluster lab", "Context lab-vouch, with the role of your Vouch profile")
        .example(
          "$0 setup eks --cluster lab --profile dev",
          "Context lab-dev, by any AWS profile; no Vouch needed",
        )
        .example(
          "$0 setup eks --all --all-profiles --regions eu-west-1",
          "Every cluster of every AWS profile",
        )
        .example(
          "$0 setup eks --cluster lab --region eu-west-1 --role arn:aws:iam::111122223333:role/Dev --diff",
          "",
        )
        .example("$0 setup eks --all --regions eu-west-1 us-east-1 --match 'prod-*' --prune", "")
        .example("$0 setup eks --all --tag env=prod --tag team", "Clusters with both tags, of any team")
        .example("$0 setup eks --cluster lab --migrate --in-place --diff", "The same contexts, with our user")
        .example("$0 setup eks --undo", "The kubeconfig as it was before"),
    handler: async (options) => {
      const { runSetupEks } = await import("./setup-eks.run.ts");
      context.exit = await runSetupEks(
        {
          ...options,
          contextName: options["context-name"] ?? options.context,
          tag: options.tag ?? [],
          regions: (options.regions ?? []).flatMap((word) => word.split(",")).filter((word) => word !== ""),
          inPlace: options["in-place"],
          allProfiles: options["all-profiles"],
          describeProfile: options["describe-profile"],
          approveProcess: options["approve-process"],
          dryRun: options["dry-run"],
        },
        context.app,
      );
    },
  };
}
