import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { openPlan, type RenewablePlan } from "../../token/aws/sources/open-source.ts";
import type { OpenPlan } from "../../token/aws/sources/opened-source.ts";
import { NOTHING_SETTLED } from "../../token/aws/sources/profile-record.ts";
import { readAwsFiles, witnessedPlan } from "../../token/aws/sources/read-plan.ts";
import { throughRoles } from "../../token/aws/sources/source-plan.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { AwsQuestion } from "../../token/hot/question.ts";
import type { CredentialsWish } from "../../token/mint/mint-source.ts";
import { awsRequest, type Minted, mintToken } from "../../token/mint/mint-token.ts";
import { profileSource } from "../../token/mint/profile-source.ts";
import type { App } from "../app.ts";
import { clusterGuard } from "../cluster/recorded-cluster.ts";
import { warmSettings } from "../vouch/apply-settings.ts";
import { type Desk, isCacheOn } from "../vouch/workplace.ts";
import { settledProfile } from "./settle-profile.ts";
import { type PlanAccessOptions, planAccess } from "./source-access.ts";

/** The identity asked for: an AWS profile or the caller's environment, and the roles assumed with it. */
type CredentialsQuestion = Omit<AwsQuestion, "cluster">;

type AskOptions = Partial<Omit<PlanAccessOptions, "profile">>;

interface AskTokenOptions extends AskOptions {
  readonly askerId: number | undefined;
  /** A source that is already open, so that the user is not asked again. */
  readonly opened?: OpenPlan;
}

/** A token for the cluster, from the cache or from AWS; `askerId` is the process ID of the client-go client that it is for. */
export async function askAwsToken(
  desk: Desk,
  question: AwsQuestion,
  { askerId, opened: known, ...options }: AskTokenOptions,
): Promise<Minted> {
  const { app, binding, workplace } = desk;
  const { state } = workplace.folders;
  const settings = warmSettings(workplace);
  const cache = binding.every(isCacheOn);
  const request = awsRequest(question, app);
  const opened = known ?? (await openAsked(desk, question, options));
  const place = { state, clock: app.clock, signal: app.signal, settings };
  const source = await profileSource(question, opened, place);
  const guard = () => clusterGuard(app, question);
  const asking = { now: app.clock, parentId: askerId, signal: app.signal };
  return mintToken(request, { state, source, guard, cache, ...asking });
}

/** The credentials themselves. */
export async function askAwsCredentials(
  desk: Desk,
  asked: CredentialsQuestion,
  { wish, ...options }: AskOptions & { readonly wish: CredentialsWish },
): Promise<AwsCredentials> {
  return (await openAsked(desk, asked, options)).credentials(wish);
}

/** The AWS endpoints for them, as settled. */
export function settledEndpoints(app: App, { profile }: Pick<CredentialsQuestion, "profile">): Endpoints {
  const configFile = awsConfigPath(app.env, app.homeDir);
  return (settledProfile(app, { profile, configFile }) ?? NOTHING_SETTLED).endpoints;
}

/** Reads AWS's files, and what they lead to; STS is not asked yet. */
export async function openAsked(
  desk: Desk,
  { profile, region, role, via }: CredentialsQuestion,
  { record, mfaCode, keep = true }: AskOptions,
): Promise<RenewablePlan> {
  const { app } = desk;
  const files = readAwsFiles(desk.aws);
  const { plan, witnesses } = witnessedPlan({ profile, region }, files, app.env);
  const settled =
    record ?? settledProfile(app, { profile, configFile: files.files.configPath }) ?? NOTHING_SETTLED;
  const access = planAccess(desk, { profile, record: settled, keep, mfaCode });
  return openPlan({ plan: throughRoles(plan, { via, role, region }), witnesses }, access);
}
