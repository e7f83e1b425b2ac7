import { parseRoleArn } from "../../token/aws/arn.ts";
import { isSessionOf } from "../../token/aws/sources/caller-name.ts";
import { renewalHint, withRenewal } from "../../token/aws/sources/open-source.ts";
import type { OpenPlan } from "../../token/aws/sources/opened-source.ts";
import { canNarrow, partitionOfPlan } from "../../token/aws/sources/plan-kinds.ts";
import { sts } from "../../token/aws/sts.ts";
import type { Run } from "../../token/command/command.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { partitionOfRegion } from "../../token/hot/partition.ts";
import { type AwsIdentity, describeIdentity, type Identity } from "../../token/kubeconfig/identity.ts";
import { openAsked } from "../aws/ask-aws.ts";
import type { ChosenAws } from "../aws/choose-identity.ts";
import { ANY_REGION, contextPlan } from "../aws/context-plan.ts";
import { profileNameOf, settledNow } from "../aws/profile-settings.ts";
import { askMfaCode } from "../login/mfa-login.ts";
import type { Desk } from "../workplace/workplace.ts";
import { agreeToProcess } from "./agree-to-process.ts";
import { type IdentityOptions, MIN_REMAINING_MS, type SetupIdentity } from "./identity.ts";

/**
 * The AWS profile, or the caller, that contexts are set up for: with the hosts and CAs that are named now, and the
 * program it runs, which the user has approved. Throws the error that prevents it.
 */
export async function awsIdentity(
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
