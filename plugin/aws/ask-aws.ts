import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { awsConfigPath } from "../../token/aws/aws-paths.ts";
import type { BearerAccess } from "../../token/aws/bearer-call.ts";
import { openPlan, type RenewablePlan } from "../../token/aws/sources/open-source.ts";
import type { OpenPlan, PlanAccess } from "../../token/aws/sources/opened-source.ts";
import { NOTHING_SETTLED, type ProfileRecord } from "../../token/aws/sources/profile-record.ts";
import { readAwsFiles, witnessedPlan } from "../../token/aws/sources/read-plan.ts";
import { throughRoles } from "../../token/aws/sources/source-plan.ts";
import type { Endpoints } from "../../token/endpoints/endpoints.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { AwsQuestion } from "../../token/hot/question.ts";
import { profileCredentials } from "../../token/mint/credentials-cache.ts";
import type { CredentialsWish } from "../../token/mint/mint-source.ts";
import { awsRequest, type Minted, mintToken } from "../../token/mint/mint-token.ts";
import { profileSource } from "../../token/mint/profile-source.ts";
import type { App } from "../app.ts";
import { clusterGuard } from "../cluster/recorded-cluster.ts";
import { warmSettings } from "../workplace/cache.ts";
import { ourKeyStore } from "../workplace/our-key-store.ts";
import { type Desk, isCacheOn } from "../workplace/workplace.ts";
import { settledProfile } from "./profile-settings.ts";

/** The identity asked for: an AWS profile or the caller's environment, and the roles assumed with it. */
type CredentialsQuestion = Omit<AwsQuestion, "cluster" | "clusterId">;

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
  { profile, region, ...roles }: CredentialsQuestion,
  { record, mfaCode, keep = true }: AskOptions,
): Promise<RenewablePlan> {
  const { app } = desk;
  const files = readAwsFiles(desk.aws);
  const { plan, witnesses } = witnessedPlan({ profile, region }, files, app.env);
  const settled =
    record ?? settledProfile(app, { profile, configFile: files.files.configPath }) ?? NOTHING_SETTLED;
  const access = planAccess(desk, { profile, record: settled, keep, mfaCode });
  return openPlan({ plan: throughRoles(plan, { ...roles, region }), witnesses }, access);
}

/** What calls to AWS with a bearer token need from this process. */
export function centerAccess({ env, homeDir, clock, signal, io }: App, endpoints: Endpoints): BearerAccess {
  const warn = (text: string) => io.err(`warning: ${text}\n`);
  return { env, homeDir, clock, signal, endpoints, keep: true, warn };
}

/** What the caller decides; without `keep`, what was kept is used, unless the settings say that there is no cache. */
interface PlanAccessOptions extends Pick<PlanAccess, "profile" | "keep" | "mfaCode"> {
  /** What is being settled, or was before by setup or login. */
  readonly record: ProfileRecord;
}

/** What the sources of AWS credentials need, wired to this process. */
export function planAccess(desk: Desk, { profile, record, keep, mfaCode }: PlanAccessOptions): PlanAccess {
  const { app, binding } = desk;
  const { env, clock, signal, platform } = app;
  const { folders } = desk.workplace;
  const chosen = binding.map(({ config }) => config.keyStore).find((kind) => kind !== undefined);
  const place = {
    state: folders.state,
    keyStore: (kind: KeyStoreKind | undefined) => ourKeyStore({ folders }, chosen ?? kind),
  };
  const isCached = binding.every(isCacheOn);
  const options = { keep: keep && isCached, now: clock, signal };
  return {
    ...centerAccess(app, record.endpoints),
    keep,
    profile,
    isWindows: platform === "win32",
    state: folders.state,
    kept: (key, wish, ask) =>
      profileCredentials(place, key, { ...wish, ...options, fresh: wish.fresh || !isCached }, ask),
    agent: detectAiAgent((name) => env[name]),
    mfaCode,
    approvedProcess: record.process,
    runProcess: async (command, environment) => {
      const { credentialProcessRunner } = await import("../programs/program-runner.ts");
      return credentialProcessRunner(signal)(command, environment);
    },
    vouchRole: async ({ role, via, server, account }, hop) => {
      const { openVouchRole } = await import("../vouch/vouch-credentials.ts");
      return openVouchRole(desk, { role, via, server, account, ...hop }, { keep });
    },
    container: record.container,
    metadataEndpoint: record.metadataEndpoint,
  };
}
