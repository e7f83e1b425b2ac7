import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import { openSource, type RenewableSource } from "../../token/aws/sources/open-source.ts";
import type { OpenedSource, SourceAccess } from "../../token/aws/sources/opened-source.ts";
import { NOTHING_SETTLED, type ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { plannedSource, readAwsFiles } from "../../token/aws/sources/read-plan.ts";
import { throughRoles } from "../../token/aws/sources/source-plan.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import type { SourceTokenQuestion } from "../../token/hot/question.ts";
import type { CredentialsWish } from "../../token/mint/mint-source.ts";
import { type Minted, mintToken } from "../../token/mint/mint-token.ts";
import { profileSource } from "../../token/mint/profile-source.ts";
import { sourceRequest } from "../../token/mint/token-request.ts";
import type { App } from "../app.ts";
import { clusterGuard } from "../cluster/recorded-cluster.ts";
import { warmSettings } from "../vouch/apply-settings.ts";
import { type Desk, isCacheOn } from "../vouch/workplace.ts";
import { settledProfile } from "./settle-profile.ts";
import { sourceAccess } from "./source-access.ts";

/** The identity asked for: an AWS profile or the caller's environment, and the roles assumed with it. */
type SourceAsked = Omit<SourceTokenQuestion, "cluster">;

export interface AskSourceOptions {
  /** What is being settled; undefined: what setup and login settled before. */
  readonly record?: ProfileRecord;
  readonly mfaCode?: SourceAccess["mfaCode"];
  /** False: nothing is written, no cache either. */
  readonly keep?: boolean;
}

interface AskTokenOptions extends AskSourceOptions {
  readonly askerId: number | undefined;
  /** A source that is already open, so that the user is not asked again. */
  readonly opened?: OpenedSource;
}

/** A token for the cluster, from the cache or from AWS; `askerId` is the process ID of the client-go client that it is for. */
export async function askSourceToken(
  desk: Desk,
  question: SourceTokenQuestion,
  { askerId, opened: known, ...options }: AskTokenOptions,
): Promise<Minted> {
  const { app, binding, workplace } = desk;
  const { state } = workplace.folders;
  const settings = warmSettings(workplace);
  const cache = binding.every(isCacheOn);
  const request = sourceRequest(question, app);
  const opened = known ?? (await openAsked(desk, question, options));
  const place = { state, clock: app.clock, signal: app.signal, settings };
  const source = await profileSource(question, opened, place);
  const guard = () => clusterGuard(app, question);
  const asking = { now: app.clock, parentId: askerId, signal: app.signal };
  return mintToken(request, { state, source, guard, cache, ...asking });
}

/** The credentials themselves. */
export async function askSourceCredentials(
  desk: Desk,
  asked: SourceAsked,
  { wish, ...options }: AskSourceOptions & { readonly wish: CredentialsWish },
): Promise<AwsCredentials> {
  return (await openAsked(desk, asked, options)).credentials(wish);
}

/** The AWS endpoints for them, as settled. */
export function endpointsOfSource(app: App, { profile }: Pick<SourceAsked, "profile">): Endpoints {
  const configFile = awsConfigPath(app.env, app.homeDir);
  return (settledProfile(app, { profile, configFile }) ?? NOTHING_SETTLED).endpoints;
}

/** Reads AWS's files, and what they lead to; STS is not asked yet. */
export async function openAsked(
  desk: Desk,
  { profile, region, role, via }: SourceAsked,
  { record, mfaCode, keep = true }: AskSourceOptions,
): Promise<RenewableSource> {
  const { app } = desk;
  const files = readAwsFiles(desk.aws);
  const { plan, witnesses } = plannedSource({ profile, region }, files, app.env);
  const settled =
    record ?? settledProfile(app, { profile, configFile: files.files.configPath }) ?? NOTHING_SETTLED;
  const access = sourceAccess(desk, { profile, record: settled, keep, mfaCode });
  return openSource({ plan: throughRoles(plan, { via, role, region }), witnesses }, access);
}
