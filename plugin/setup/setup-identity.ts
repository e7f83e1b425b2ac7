import { parseRoleArn } from "../../token/aws/arn.ts";
import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { awsConfigPath } from "../../token/aws/aws-profiles.ts";
import type { ProfileName, ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { sts } from "../../token/aws/sts.ts";
import type { Run } from "../../token/command/command.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { type ContextSource, describeSource } from "../../token/kubeconfig/context-source.ts";
import type { App } from "../app.ts";
import { askSourceCredentials } from "../aws/ask-source.ts";
import { settledNow } from "../aws/settle-profile.ts";
import { type AwsChoice, chooseProfile, type SourceChoice } from "../aws/source-choice.ts";
import { ANY_REGION, canBeNarrowed, contextPlan } from "../aws/source-plan.ts";
import { type EksApi, eksApi } from "../cluster/eks-api.ts";
import { askCredentials } from "../vouch/ask-aws.ts";
import type { RoleChoice } from "../vouch/role-choice.ts";
import { openSessionForSetup, requireSession, type VouchAccess } from "../vouch/vouch-access.ts";
import { chosenServer, readWorkplace } from "../vouch/workplace.ts";
import { agreeToProcess } from "./agree-to-process.ts";

/** Credentials are used for a list of clusters as long as they live this long, in milliseconds. */
const MIN_REMAINING_MS = 2 * 60 * 1000;

/** Whose contexts are set up, and how AWS is asked for the clusters. */
export interface SetupIdentity extends Describer {
  readonly source: ContextSource;
  /** AWS profile that says whose, if one does. */
  readonly profile: string | undefined;
  /** Region of the flags, the environment or the profile; undefined when `--regions` says it all. */
  readonly region: string | undefined;
  /** Of a context of Vouch. */
  readonly access: VouchAccess | undefined;
  /** What is settled for the AWS profile, or for whoever calls; not yet kept. */
  readonly settled: SettledProfile | undefined;
  /** What the person should know of it. */
  readonly warnings: readonly string[];
}

interface SettledProfile {
  readonly name: ProfileName;
  readonly record: ProfileRecord;
}

/** Who asks AWS for the clusters. */
interface Describer {
  readonly endpoints: Endpoints;
  credentials(region: string): Promise<AwsCredentials>;
  /** Whose clusters there are to list. */
  account(region: string): Promise<AwsAccount>;
}

interface AwsAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly partition: string;
}

/** The flags that say how an identity is used. */
export interface IdentityOptions {
  /** Nothing is written, no cache either. */
  readonly dryRun: boolean;
  /** `--account`: written into the context where it is given. */
  readonly account: string | undefined;
  /** `--describe-profile` */
  readonly describeProfile: string | undefined;
  /** `--approve-process` */
  readonly approveProcess: boolean;
}

/**
 * Opens what gives the credentials of a choice, and of `--describe-profile` where another asks for the clusters. `again` is
 * this command, for a person to agree to a program with. Throws what stands in the way.
 */
export async function setupIdentity(
  app: App,
  chosen: SourceChoice,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const identityOf = (choice: SourceChoice) =>
    choice.kind === "vouch"
      ? vouchIdentity(app, choice.choice, options)
      : awsIdentity(app, choice, { options, again });
  const identity = await identityOf(chosen);
  if (options.describeProfile === undefined) return identity;
  const { endpoints, credentials, account } = await identityOf(chooseProfile(app, options.describeProfile));
  return { ...identity, endpoints, credentials, account };
}

async function vouchIdentity(
  app: App,
  { role, via, ...choice }: RoleChoice,
  { dryRun, account }: IdentityOptions,
): Promise<SetupIdentity> {
  for (const arn of [...via, role]) parseRoleArn(arn);
  const workplace = readWorkplace(app);
  const url = chosenServer(app, workplace, choice.server);
  const asked = { role, via, server: url.base, account: choice.account };
  const entry = requireSession(app, workplace, asked);
  const access = await openSessionForSetup(app, workplace, { server: url, entry, dryRun });
  const options = { fresh: false, keep: !dryRun, minRemainingMs: MIN_REMAINING_MS };
  const { account: accountId, partition } = parseRoleArn(role);
  return {
    source: { ...asked, kind: "vouch", account },
    profile: choice.profile,
    region: choice.region?.value,
    access,
    settled: undefined,
    warnings: [],
    endpoints: access.endpoints,
    credentials: (region) => askCredentials(app, access, { ...asked, region }, options),
    account: async () => ({ accountId, partition }),
  };
}

async function awsIdentity(
  app: App,
  { source, region }: AwsChoice,
  { options, again }: { readonly options: IdentityOptions; readonly again: Run },
): Promise<SetupIdentity> {
  const roles = source.role === undefined ? [] : [...source.via, source.role];
  for (const arn of roles) parseRoleArn(arn);
  const plan = contextPlan(source, region?.value ?? ANY_REGION, app);
  const profile = source.kind === "profile" ? source.profile : null;
  const name = { profile, configFile: awsConfigPath(app.env, app.homeDir) };
  const now = settledNow(app, readWorkplace(app), name);
  const process = await agreeToProcess(app, plan, {
    before: now.process,
    isAgreed: options.approveProcess,
    again,
  });
  const record = { ...now, process };
  const { endpoints } = record;
  const credentials = (asked: string) =>
    askSourceCredentials(
      app,
      { profile, region: asked, role: source.role ?? null, via: source.via },
      { record, keep: !options.dryRun, wish: { fresh: false, minRemainingMs: MIN_REMAINING_MS } },
    );
  return {
    source,
    profile: profile ?? undefined,
    region: region?.value,
    access: undefined,
    settled: { name, record },
    warnings: canBeNarrowed(plan) ? [] : [cannotBeNarrowed(source)],
    endpoints,
    credentials,
    async account(asked) {
      const { arn } = await sts(asked, { env: app.env, endpoints }).callerIdentity(await credentials(asked));
      const [, partition = "", , , accountId = ""] = arn.split(":");
      return { accountId, partition };
    },
  };
}

function cannotBeNarrowed(source: ContextSource): string {
  return `What ${describeSource(source)} may do cannot be narrowed for an AI agent: one that runs kubectl may do all of it. With --role ARN it gets less.`;
}

/** EKS, asked with the credentials of the identity. */
export async function eksOf(
  { env }: App,
  { endpoints, credentials }: SetupIdentity,
  region: string,
): Promise<EksApi> {
  return eksApi({ region, env, endpoints, credentials: await credentials(region) });
}
