import { parseRoleArn } from "../../token/aws/arn.ts";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { isSessionOf } from "../../token/aws/sources/caller-name.ts";
import { renewalHint, withRenewal } from "../../token/aws/sources/open-source.ts";
import type { OpenPlan } from "../../token/aws/sources/opened-source.ts";
import { canNarrow, partitionOfPlan } from "../../token/aws/sources/plan-kinds.ts";
import type { ProfileName, ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { sts } from "../../token/aws/sts.ts";
import type { Run } from "../../token/command/command.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import { partitionOfRegion } from "../../token/hot/partition.ts";
import { type AwsIdentity, describeIdentity, type Identity } from "../../token/kubeconfig/identity.ts";
import type { App } from "../app.ts";
import { openAsked } from "../aws/ask-aws.ts";
import { type ChosenAws, type ChosenIdentity, chooseProfile } from "../aws/choose-identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import { profileNameOf, settledNow } from "../aws/profile-settings.ts";
import { type EksApi, eksApi } from "../cluster/eks-clusters.ts";
import { askMfaCode } from "../login/mfa-login.ts";
import type { ChosenRole } from "../vouch/role-choice.ts";
import { openSessionForSetup, requireSession, type VouchAccess } from "../vouch/vouch-access.ts";
import { askCredentials } from "../vouch/vouch-credentials.ts";
import { chosenServer, type Desk } from "../workplace/workplace.ts";
import { agreeToProcess } from "./agree-to-process.ts";

/** The least remaining lifetime of credentials that are used to list clusters, in milliseconds. */
const MIN_REMAINING_MS = 2 * 60 * 1000;

/** The identity that contexts are set up for, and how AWS is asked for the clusters. */
export interface SetupIdentity extends Describer {
  readonly source: Identity;
  /** AWS profile that names the identity, if one does. */
  readonly profile: string | undefined;
  /** The partition of its clusters, if it is known before AWS is asked. */
  readonly partition: string | undefined;
  /** Region of the flags, the environment or the profile; undefined if `--regions` gives them all. */
  readonly region: string | undefined;
  /** Only for Vouch. */
  readonly access: VouchAccess | undefined;
  /** What this setup settles for an AWS profile, or for the caller. */
  readonly settled: SettledProfile | undefined;
  /** Records in the Vouch session what this setup settles. */
  settleSession?(): Promise<void>;
  /** Opens the credential source of an AWS profile, or of the caller, in a region. */
  open?(region: string): Promise<OpenPlan>;
  /** What an AI agent that runs setup can do with it; undefined for a user, and if its AWS session can be narrowed. */
  readonly agentWarning: string | undefined;
  /** What else the user should know about it. */
  readonly warnings: readonly string[];
}

/** Who asks AWS for the clusters. */
interface Describer {
  readonly endpoints: Endpoints;
  credentials(region: string): Promise<AwsCredentials>;
  /** The account whose clusters are listed. */
  account(region: string): Promise<AwsAccount>;
  /** What to run if AWS refuses the credentials; undefined for those of Vouch. */
  readonly renewal: string | undefined;
}

/** The account that credentials belong to. */
export interface AwsAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: string;
}

/** The flags that say how an identity is used. */
interface IdentityOptions {
  /** Nothing is written, no cache either. */
  readonly dryRun: boolean;
  /** `--account`: written into the context if it is given. */
  readonly account: string | undefined;
  /** `--describe-profile` */
  readonly describeProfile: string | undefined;
  /** `--approve-process` */
  readonly approveProcess: boolean;
}

/** A record of a profile, and whose it is. */
export interface SettledProfile {
  readonly name: ProfileName;
  readonly record: ProfileRecord;
}

/**
 * Opens the credential source of a choice, and that of `--describe-profile` if another profile asks for the clusters. `again` is
 * this command, with which a person can agree to a program. Throws what prevents it.
 */
export async function setupIdentity(
  desk: Desk,
  chosen: ChosenIdentity,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const identityOf = (choice: ChosenIdentity) =>
    choice.kind === "vouch"
      ? vouchIdentity(desk, choice.choice, options)
      : awsIdentity(desk, choice, { options, again });
  const identity = await identityOf(chosen);
  if (options.describeProfile === undefined) return identity;
  const { endpoints, credentials, account, renewal } = await identityOf(
    chooseProfile(desk, options.describeProfile, "--describe-profile"),
  );
  return { ...identity, endpoints, credentials, account, renewal };
}

async function vouchIdentity(
  desk: Desk,
  { role, via, ...choice }: ChosenRole,
  { dryRun, account }: IdentityOptions,
): Promise<SetupIdentity> {
  for (const arn of [...via, role]) parseRoleArn(arn);
  const { app, workplace } = desk;
  const url = chosenServer(desk, choice.server);
  const asked = { role, via, server: url.base, account: choice.account };
  const entry = requireSession(desk, asked);
  const isUnnamed = entry.identity === unnamedAccount(workplace.current, url.base);
  const { access, settle } = await openSessionForSetup(desk, { server: url, entry });
  const options = { fresh: false, keep: !dryRun, minRemainingMs: MIN_REMAINING_MS };
  const { account: accountId, partition } = parseRoleArn(role);
  return {
    source: { ...asked, kind: "vouch", account: account ?? (isUnnamed ? undefined : entry.identity) },
    profile: choice.profile,
    partition,
    region: choice.region?.value,
    access,
    settled: undefined,
    settleSession: settle,
    agentWarning: undefined,
    warnings: [],
    endpoints: access.endpoints,
    credentials: (region) => askCredentials(app, access, { ...asked, region }, options),
    account: async () => ({ accountId, partition }),
    renewal: undefined,
  };
}

/** EKS, called with the credentials of the identity. */
export async function eksOf(
  { env }: App,
  { endpoints, credentials, renewal }: SetupIdentity,
  region: string,
): Promise<EksApi> {
  return eksApi({ region, env, endpoints, credentials: await credentials(region) }, renewal);
}

/**
 * The AWS profile, or the caller, that contexts are set up for: with the hosts and CAs that are named now, and the
 * program it runs, which the user has approved. Throws the error that prevents it.
 */
async function awsIdentity(
  desk: Desk,
  { source: given, region }: ChosenAws,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const { app } = desk;
  for (const arn of rolesOf(given)) parseRoleArn(arn);
  const someRegion = region?.value ?? ANY_REGION;
  const none = options.describeProfile === undefined ? undefined : noCredentials(desk, given, someRegion);
  if (none !== undefined) return usedElsewhere(given, region?.value, none);
  const name = profileNameOf(given, app);
  const now = settledNow(desk, given);
  const process = await agreeToProcess(app, contextPlan(given, someRegion, desk.aws), {
    before: now.process,
    isAgreed: options.approveProcess,
    again,
  });
  const record = { ...now, process };
  const { endpoints } = record;
  const settled = {
    record,
    keep: !options.dryRun,
    mfaCode: (serial: string) => askMfaCode(app, serial, given.profile ?? "default"),
  };
  const own = await ownRole(desk, given, { region: someRegion, settled });
  const source = own === undefined ? given : withoutRole(given, own);
  const plan = contextPlan(source, someRegion, desk.aws);
  const renewal = renewalHint(plan, name.profile);
  const isAgent = detectAiAgent((variable) => app.env[variable]) !== undefined;
  const open = perRegion((asked) =>
    openAsked(
      desk,
      {
        profile: name.profile,
        region: asked,
        role: source.role,
        via: source.via,
        sessionName: source.sessionName,
      },
      settled,
    ),
  );
  const wish = { fresh: false, minRemainingMs: MIN_REMAINING_MS };
  const credentials = async (asked: string) => (await open(asked)).credentials(wish);
  return {
    source,
    profile: source.profile,
    partition: partitionOfPlan(plan) ?? (region && partitionOfRegion(region.value).id),
    region: region?.value,
    access: undefined,
    settled: { name, record },
    open,
    agentWarning: isAgent && !canNarrow(plan) ? cannotBeNarrowed(source) : undefined,
    warnings:
      own === undefined
        ? []
        : [`You are ${parseRoleArn(own).name} already, so the context does not assume ${own}.`],
    endpoints,
    credentials,
    renewal,
    async account(asked) {
      const { callerIdentity } = sts(asked, { env: app.env, endpoints });
      const { arn } = await withRenewal(renewal, callerIdentity(await credentials(asked)));
      const [, partition = "", , , accountId = ""] = arn.split(":");
      return { accountId, partition };
    },
  };
}

/** Why this machine has no credentials for the context of a caller; undefined if it has some. */
function noCredentials(desk: Desk, source: AwsIdentity, region: string): VouchError | undefined {
  if (source.profile !== undefined) return undefined;
  try {
    contextPlan(source, region, desk.aws);
    return undefined;
  } catch (error) {
    if (error instanceof VouchError && error.code === "aws-not-configured") return error;
    throw error;
  }
}

/**
 * The identity of contexts whose callers are on other machines: nothing is settled here, and no token can be tried. The clusters are
 * described by another profile.
 */
function usedElsewhere(source: AwsIdentity, region: string | undefined, none: VouchError): SetupIdentity {
  const fail = async () => {
    throw none;
  };
  return {
    ...{ source, region, profile: undefined, access: undefined, settled: undefined, renewal: undefined },
    partition: region && partitionOfRegion(region).id,
    endpoints: {},
    agentWarning: undefined,
    warnings: ["No AWS credentials were found on this machine for --ambient, so the context was not tested."],
    credentials: fail,
    account: fail,
  };
}

/** The roles of `--via` and `--role`, in the order in which they are assumed. */
function rolesOf({ via, role }: AwsIdentity): string[] {
  return role === undefined ? [] : [...via, role];
}

/**
 * The role of `--role` or `--via` of which the credentials are already: few roles trust themselves, so it need not, and mostly cannot,
 * be assumed. Undefined if there is none, or if its session is to have another name.
 */
async function ownRole(
  desk: Desk,
  { sessionName, ...source }: AwsIdentity,
  { region, settled }: { readonly region: string; readonly settled: Parameters<typeof openAsked>[2] },
): Promise<string | undefined> {
  const roles = rolesOf(source);
  if (roles.length === 0 || sessionName !== undefined) return undefined;
  const { profile } = source;
  const plan = contextPlan({ ...source, role: undefined, via: [] }, region, desk.aws);
  if (plan.kind === "assume-role" || plan.kind === "web-identity")
    return roles.findLast((arn) => arn === plan.roleArn);
  const opened = await openAsked(desk, { profile, region, role: undefined, via: [] }, settled);
  const credentials = await opened.credentials({ fresh: false, minRemainingMs: MIN_REMAINING_MS });
  if (credentials.sessionToken === undefined) return undefined;
  const { callerIdentity } = sts(region, { env: desk.app.env, endpoints: opened.endpoints });
  const arn = credentials.arn ?? (await withRenewal(opened.renewal, callerIdentity(credentials))).arn;
  return roles.findLast((role) => isSessionOf(arn, role));
}

/** The identity with only the roles that come after one. */
function withoutRole(source: AwsIdentity, own: string): AwsIdentity {
  const roles = rolesOf(source);
  const left = roles.slice(roles.lastIndexOf(own) + 1);
  return { ...source, role: left.at(-1), via: left.slice(0, -1) };
}

/** Opens the source of each region once: nobody types a code twice, and no program is run again. */
function perRegion(ask: (region: string) => Promise<OpenPlan>): typeof ask {
  const asked = new Map<string, Promise<OpenPlan>>();
  return (region) => {
    const known = asked.get(region) ?? ask(region);
    asked.set(region, known);
    return known;
  };
}

function cannotBeNarrowed(source: Identity): string {
  return `An AI agent that runs kubectl gets all AWS permissions of ${describeIdentity(source)}, and can do whatever you can in the cluster. With --agent-role ARN, it gets that role instead.`;
}
