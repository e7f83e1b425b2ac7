import fs from "node:fs";
import { parseRoleArn } from "../../token/aws/arn.ts";
import type { TemporaryCredentials } from "../../token/aws/aws-credentials.ts";
import type { ExchangeParties } from "../../token/aws/exchange.ts";
import type { VouchHop, VouchRole } from "../../token/aws/sources/opened-source.ts";
import { sts } from "../../token/aws/sts.ts";
import { type IgnoredVariable, ignoredVariables } from "../../token/endpoints/aws-endpoint.ts";
import { type EndpointKey, type Endpoints, shownValue } from "../../token/endpoints/endpoints.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { unnamedAccount } from "../../token/hot/current.ts";
import { fnv64 } from "../../token/hot/fnv.ts";
import { partitionById } from "../../token/hot/partition.ts";
import type { RoleQuestion, VouchQuestion } from "../../token/hot/question.ts";
import { sessionFolder } from "../../token/hot/state-files.ts";
import type { CredentialsOptions } from "../../token/mint/credentials-cache.ts";
import { type Minted, mintToken, vouchRequest } from "../../token/mint/mint-token.ts";
import { type CredentialsRequest, roleCredentials, sessionSource } from "../../token/mint/session-source.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import { clusterGuard } from "../cluster/recorded-cluster.ts";
import { credentialServer, type Desk } from "../workplace/workplace.ts";
import { type RoleFlags, resolveRole } from "./role-choice.ts";
import { openAccess, requireSession, type VouchAccess } from "./vouch-access.ts";

/** The role's credentials, from the key store or from STS. */
export function askCredentials(
  app: App,
  access: VouchAccess,
  request: RoleQuestion & Pick<CredentialsRequest, "isLast">,
  options: Omit<CredentialsOptions, "now" | "signal">,
): Promise<TemporaryCredentials> {
  const asker = { session: access.entry, agent: detectAiAgent((name) => app.env[name]) };
  return roleCredentials(
    access.place,
    { ...request, ...asker },
    {
      ...options,
      ...(access.cache ? {} : { fresh: true, keep: false }),
      parties: exchangeParties(app, access, request.region),
      now: app.clock,
      signal: app.signal,
    },
  );
}

/** A token for the cluster, from the cache or from STS; `askerId` is the process ID of the client-go client that it is for. */
export function askToken(
  app: App,
  access: VouchAccess,
  question: VouchQuestion,
  askerId: number | undefined,
): Promise<Minted> {
  const request = vouchRequest(question, access.entry, app.env);
  const { place, cache } = access;
  const common = { now: app.clock, cache, signal: app.signal };
  const parties = exchangeParties(app, access, question.region);
  const source = sessionSource(request, { ...common, place, parties });
  const guard = () => clusterGuard(app, question);
  return mintToken(request, { ...common, state: place.state, source, guard, parentId: askerId });
}

/** The parties to the exchange for AWS credentials. */
export function exchangeParties(
  app: App,
  { client, session, endpoints }: VouchAccess,
  region: string,
): ExchangeParties {
  return {
    sts: sts(region, { env: app.env, endpoints }),
    idToken: (role) => client.awsIdToken(session, role),
  };
}

/** The role of Vouch that is asked for, and what for. */
interface AskedVouchRole extends Omit<RoleQuestion, "server">, VouchHop {
  /** Undefined: the settings decide. */
  readonly server: string | undefined;
}

/**
 * A role for the user who is logged in, in a call that no user typed; without `keep` nothing is written. Throws `logged-out` or
 * `session-expired`.
 */
export function openVouchRole(
  desk: Desk,
  asked: AskedVouchRole,
  { keep }: { readonly keep: boolean },
): VouchRole {
  const { app, workplace } = desk;
  const { base: server } = credentialServer(desk, asked.server);
  const request = { ...asked, server, account: asked.account ?? unnamedAccount(workplace.current, server) };
  return {
    session: requireSession(desk, request),
    async credentials(wish) {
      const access = await openAccess(desk, request);
      // It writes a note of what it has said.
      if (keep) tellIgnoredVariables(app, access, request.region);
      return askCredentials(app, access, request, { ...wish, keep });
    },
  };
}

/**
 * botocore asks for new credentials when fewer than 15 minutes are left; older ones would be fetched again on each
 * request. In milliseconds. Source: botocore, `RefreshableCredentials._advisory_refresh_timeout`.
 */
export const MIN_REMAINING_MS = 16 * 60 * 1000;

interface FetchedCredentials {
  readonly credentials: TemporaryCredentials;
  /** Region that was specified, in the options, the environment or the profile. */
  readonly region: string | undefined;
}

/** Credentials of the role that the options select, for AWS's programs. */
export async function fetchRoleCredentials(options: RoleFlags, desk: Desk): Promise<FetchedCredentials> {
  const { role, via, account, server, region: given } = resolveRole(options, desk);
  const named = given?.value;
  const region = named ?? partitionById(parseRoleArn(role).partition)?.defaultRegion ?? "us-east-1";
  const asked = { role, via, account, server, region, isLast: true };
  const opened = openVouchRole(desk, asked, { keep: true });
  const credentials = await opened.credentials({ fresh: false, minRemainingMs: MIN_REMAINING_MS });
  return { credentials, region: named };
}

/** The part of the record that a call for AWS credentials needs. */
const KEYS: readonly EndpointKey[] = ["vouchCaBundle", "awsCaBundle", "stsEndpoint"];

/** Says, once per session and value, that a variable that differs from the session's record is ignored. */
export function tellIgnoredVariables(
  app: App,
  { place, entry, endpoints }: VouchAccess,
  region: string,
): void {
  for (const variable of ignoredVariables(app.env, { endpoints, region, keys: KEYS })) {
    const told = `${sessionFolder(place.state, entry.id)}/told-${fnv64(`${variable.name}=${variable.value}`)}`;
    if (isFirst(told)) tell(app, variable);
  }
}

/** Tells of ignored variables at a login that no user typed, which has no session yet. */
export function tellIgnoredAtLogin(app: App, endpoints: Endpoints): void {
  for (const variable of ignoredVariables(app.env, { endpoints, region: "", keys: ["vouchCaBundle"] }))
    tell(app, variable);
}

function tell({ io }: App, { name, value, recorded }: IgnoredVariable): void {
  const usual = name.endsWith("_BUNDLE") ? "only the built-in CAs" : "AWS's own hosts";
  io.err(
    `kubectl-vouch: ${name}=${oneLine(shownValue(value))} is ignored: login recorded ${oneLine(recorded ?? usual)}.\n` +
      "To use it, log in while it is set: `kubectl vouch login`\n",
  );
}

/** A file that cannot be created, as in a session's deleted folder, counts as new: better once too often than never. */
function isFirst(file: string): boolean {
  try {
    fs.writeFileSync(file, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "EEXIST");
  }
}

function oneLine(text: string): string {
  return shown(text).slice(0, 200);
}
