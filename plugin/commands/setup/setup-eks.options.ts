import type { GivenFor } from "../../command-line/command-line.ts";
import {
  accountOption,
  ambientOption,
  clusterIdOption,
  clusterOption,
  flag,
  group,
  kubeconfigOption,
  outputOption,
  regionOption,
  serverOption,
  sessionNameOption,
  text,
  viaOption,
  writeOptions,
} from "../options.ts";

/** All options of `setup eks`. */
export const OPTIONS = {
  cluster: clusterOption,
  region: regionOption,
  profile: text("AWS profile to use (of any kind); without --cluster, also several (prod-*)"),
  use: flag("Make it the current context"),
  ...writeOptions,
  output: outputOption("EksSetup", "EksClusters", "SetupUndone"),
  ...group("Clusters", {
    "cluster-id": text(`${clusterIdOption.describe} (default: as EKS reports it)`),
    list: flag("List the clusters that each AWS profile can see; write nothing"),
    all: flag("Every cluster in the account and region"),
    "all-profiles": flag("Search with every AWS profile; with --all, a context for each"),
    match: text("Only clusters with matching names (prod-*); not with --cluster"),
    tag: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "Only clusters with this AWS tag (KEY=VALUE or KEY); repeat for several",
    },
    regions: {
      type: "string",
      array: true,
      requiresArg: true,
      describe: "Regions to search; --list adds them to the profile's; all: every region",
    },
    prune: flag("With --all: remove our contexts of clusters that no longer exist"),
    "describe-profile": text("AWS profile to describe the cluster with, if --profile is not allowed to"),
  }),
  ...group("Identity", {
    role: text("IAM role ARN to assume (default: the profile's role)"),
    via: viaOption,
    "session-name": sessionNameOption,
    ambient: ambientOption,
    server: serverOption,
    account: accountOption,
    "approve-process": flag("Approve the credential_process of the profile without a prompt"),
    "agent-role": text("ARN of a role for AI agents, as far as they are detected (none: remove it)"),
  }),
  ...group("Kubeconfig", {
    kubeconfig: kubeconfigOption,
    "context-name": text("Context name; can have {cluster} {region} {account} {role} {profile} in it"),
    context: { type: "string", requiresArg: true, hidden: true, conflicts: "context-name" },
    namespace: { ...text("Namespace of the context"), alias: "n" },
    "proxy-url": text("Proxy for kubectl (default: unchanged, or that of the environment)"),
    absolute: flag("Write the full path of kubectl-vouch, for programs with a different PATH"),
    interactive: flag("Allow kubectl to prompt for logins and MFA codes"),
    protected: {
      type: "boolean",
      describe: "Ask before kubectl changes something (to stop: --protected=false)",
    },
    migrate: flag("Also switch entries for this cluster that use a different tool"),
    "in-place": flag("With --migrate: only switch entries; do not add contexts"),
  }),
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
