import type { GivenFor } from "../../command-line/command-line.ts";
import {
  accountOption,
  ambientOption,
  anyProfileOption,
  clusterIdOption,
  clusterOption,
  kubeconfigOption,
  outputOption,
  regionOption,
  serverOption,
  sessionNameOption,
  viaOption,
  writeOptions,
} from "../options.ts";

const WHICH_OPTIONS = {
  cluster: clusterOption,
  "cluster-id": { ...clusterIdOption, describe: `${clusterIdOption.describe} (default: as EKS reports it)` },
  region: regionOption,
  profile: {
    ...anyProfileOption,
    describe: "AWS profile to use (of any kind); without --cluster, also several (prod-*)",
  },
  ambient: ambientOption,
  role: {
    type: "string",
    requiresArg: true,
    describe:
      "IAM role ARN to assume, with Vouch or the credentials of --profile (default: the profile's role)",
  },
  via: viaOption,
  "session-name": sessionNameOption,
  kubeconfig: kubeconfigOption,
  server: serverOption,
  account: accountOption,
} as const;

const WHAT_OPTIONS = {
  "context-name": {
    type: "string",
    requiresArg: true,
    describe:
      "Name of the context (also --context); {cluster} {region} {account} {role} {profile} are replaced",
  },
  context: { type: "string", requiresArg: true, hidden: true, conflicts: "context-name" },
  namespace: { alias: "n", type: "string", requiresArg: true, describe: "Namespace of the context" },
  "proxy-url": {
    type: "string",
    requiresArg: true,
    describe:
      "Proxy through which kubectl connects to the cluster (default: unchanged, or that of the environment)",
  },
  use: { type: "boolean", default: false, describe: "Make it the current context" },
  list: {
    type: "boolean",
    default: false,
    describe: "List the clusters that each AWS profile can see; write nothing",
  },
  all: { type: "boolean", default: false, describe: "Every cluster in the account and region" },
  "all-profiles": {
    type: "boolean",
    default: false,
    describe: "Search with every AWS profile; with --all, a context for each",
  },
  "describe-profile": {
    type: "string",
    requiresArg: true,
    describe: "AWS profile to describe the cluster with, if the one to use is not allowed to",
  },
  "approve-process": {
    type: "boolean",
    default: false,
    describe: "Approve the credential_process of the profile without a prompt",
  },
  match: {
    type: "string",
    requiresArg: true,
    describe: "Only clusters with matching names (prod-*); not with --cluster",
  },
  tag: {
    type: "string",
    array: true,
    nargs: 1,
    describe: "Only clusters with this AWS tag (KEY=VALUE or KEY); repeat to require several",
  },
  regions: {
    type: "string",
    array: true,
    requiresArg: true,
    describe:
      "Regions to search (without --all, in addition to the profile's own); all: every region in each profile's partition",
  },
  prune: {
    type: "boolean",
    default: false,
    describe: "With --all: remove our contexts of clusters that no longer exist",
  },
  absolute: {
    type: "boolean",
    default: false,
    describe: "Write the full path of kubectl-vouch, for programs with a different PATH",
  },
  interactive: {
    type: "boolean",
    default: false,
    describe: "Allow kubectl to prompt for a login once the Vouch session has ended, and for MFA codes",
  },
  "agent-role": {
    type: "string",
    requiresArg: true,
    describe:
      "ARN of a role for AI agents, instead of the user's, for example a read-only one (none: remove it). An agent that hides its environment variables is not detected",
  },
  protected: {
    type: "boolean",
    describe:
      "Ask for the cluster's name before kubectl changes something (to stop: --protected=false). Prevents accidents; not a security boundary",
  },
  migrate: {
    type: "boolean",
    default: false,
    describe: "Also switch entries for this cluster that use aws, aws-iam-authenticator or vouch",
  },
  "in-place": {
    type: "boolean",
    default: false,
    describe: "With --migrate: only switch entries; do not add contexts",
  },
} as const;

/** All options of `setup eks`. */
export const OPTIONS = {
  ...WHICH_OPTIONS,
  ...WHAT_OPTIONS,
  ...writeOptions,
  output: outputOption("EksSetup", "EksClusters", "SetupUndone"),
} as const;

/** Whether `--profile` or `--all-profiles` stands for several profiles. */
export function isForProfiles({ profile, allProfiles }: SetupEksOptions): boolean {
  return allProfiles || isPattern(profile);
}

/** Whether the command line specifies an identity, rather than leaving it to the environment. */
export function isIdentityGiven(options: SetupEksOptions): boolean {
  const { profile, role, via, server, account, ambient } = options;
  return ambient || [profile, role, via, server, account].some((one) => one !== undefined);
}

/** Whether a value of `--profile` stands for every profile that it matches. */
export function isPattern(profile: string | undefined): profile is string {
  return profile !== undefined && /[*?[]/.test(profile);
}

/** The options of `setup eks` as they were given; lists can be empty. */
export interface SetupEksOptions extends Omit<GivenFor<typeof OPTIONS>, "context" | "tag" | "regions"> {
  readonly tag: readonly string[];
  readonly regions: readonly string[];
  /** The current context is left alone, even if there is none. */
  readonly keepsCurrent?: boolean;
}

/** The options of a command line without any. */
export const NOTHING_GIVEN = {
  ...Object.fromEntries(
    Object.entries(OPTIONS).map(([name, option]) => [
      name.replaceAll(/-./g, (word) => word.slice(1).toUpperCase()),
      "default" in option ? option.default : undefined,
    ]),
  ),
  ...{ tag: [], regions: [] },
} as unknown as SetupEksOptions;
