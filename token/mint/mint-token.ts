import { debug, goodFor } from "../debug.ts";
import { signEksToken } from "../eks/eks-token.ts";
import { tokenExpiry } from "../eks/token-form.ts";
import { signedStsHost } from "../endpoints/aws-endpoint.ts";
import { type Env, envValue } from "../env.ts";
import { withLock } from "../files/file-lock.ts";
import { detectAiAgent } from "../hot/ai-agent.ts";
import type { CachedToken } from "../hot/cached-token.ts";
import type { CurrentSession } from "../hot/current.ts";
import { fnv64 } from "../hot/fnv.ts";
import { type AwsKeyParts, sourceTokenKey, tokenKey, type VouchKeyParts } from "../hot/key.ts";
import type { Mark } from "../hot/mark.ts";
import type { AwsQuestion, VouchQuestion } from "../hot/question.ts";
import { nodeHost } from "../node-host.ts";
import { commandLine, readsStdinManifest, runsScripts } from "./asking-process.ts";
import { type ClusterGuard, isSameRecord } from "./cluster-records.ts";
import { leaveMark, recallMark } from "./marks.ts";
import type { CredentialsSource } from "./mint-source.ts";
import { findToken, keepToken } from "./token-cache.ts";

/**
 * Credentials sign a token only if they live longer than this, in milliseconds: with a shorter-lived token a long-running client
 * would keep coming back.
 */
const MIN_CREDENTIALS_MS = 5 * 60 * 1000;

/** A request for a token, with everything that was found out about it. */
export interface TokenRequest extends VouchKeyParts {
  /** The key that the hot path builds for this call, too. */
  readonly key: string;
}

/** Completes a question. Throws for a region or an environment that a token cannot be signed for. */
export function vouchRequest(question: VouchQuestion, session: CurrentSession, env: Env): TokenRequest {
  const parts = { ...question, session, ...signing(question.region, env) };
  return { ...parts, key: tokenKey(parts) };
}

/** Completes a question about a profile or the environment; `homeDir` is from the user database, for when HOME is not set. */
export function awsRequest(
  question: AwsQuestion,
  { env, homeDir }: { readonly env: Env; readonly homeDir: string },
): AwsKeyParts & Pick<TokenRequest, "key"> {
  const parts = { ...question, ...signing(question.region, env) };
  const variable = (name: string) => envValue(env, name) ?? (name === "HOME" ? homeDir : undefined);
  return { ...parts, key: sourceTokenKey(parts, variable) };
}

function signing(region: string, env: Env): Pick<VouchKeyParts, "stsHost" | "agent"> {
  return { stsHost: signedStsHost(region, env), agent: detectAiAgent((name) => env[name]) };
}

type MintRequest = Pick<TokenRequest, "cluster" | "clusterId" | "region" | "stsHost" | "key">;

interface MintOptions {
  /** Our state folder, which contains marks and records of clusters. */
  readonly state: string;
  readonly source: CredentialsSource;
  readonly now: () => number;
  /** The client that is asking; undefined if it is one that does not ask again after a refusal. */
  readonly parentId: number | undefined;
  /** What binds the token now; if absent, the record in the state folder. */
  readonly guard: () => ClusterGuard;
  /** False: nothing is cached, and nothing cached is used. */
  readonly cache?: boolean;
  readonly signal: AbortSignal;
}

/** The answer, and whether it was fetched again because the API server seems to have refused the previous token. */
export interface Minted {
  readonly token: CachedToken;
  readonly renewed: boolean;
}

/**
 * The full program's answer to a question: from the cache if a token is there by now, else with the source's credentials. Under a
 * lock of its own, so that many processes cause only one exchange.
 *
 * A second call for the same token from the same client within a moment means that the API server refused the token: then new
 * credentials are fetched and a token is minted, once in a burst. A kubectl that asks twice anyway is excused once, and a shell
 * or an interpreter always: it runs us because its script says so.
 *
 * Source: token/eks/EKS-TOKEN.md, "Refused tokens".
 */
export async function mintToken(request: MintRequest, options: MintOptions): Promise<Minted> {
  const { state, source, now, parentId, signal, cache = true } = options;
  const marks = parentId === undefined ? undefined : { state, key: request.key, parentId };
  const leave = (mark: Mark) => marks && leaveMark(marks, mark, now());
  if (!cache) return { token: await signToken(request, options, false), renewed: false };

  const lock = { file: `${source.folder}/mint-${fnv64(request.key)}`, gone: source.gone };
  const askedAt = now();

  return withLock({ ...lock, signal, now }, async () => {
    const cached = findCurrentToken(request, options);
    const mark = marks && recallMark(marks, now());
    if (cached !== undefined && !isRefused(mark, cached, askedAt)) {
      leave(mark ?? { first: now(), expires: cached.expires, renewed: false });
      return { token: cached, renewed: false };
    }
    const excuse = cached && mark && parentId !== undefined ? excuseOf(parentId, mark) : undefined;
    if (cached !== undefined && excuse !== undefined) {
      leave(excuse);
      return { token: cached, renewed: false };
    }
    if (cached !== undefined)
      debug(`process ${parentId} received this token a moment ago, so the API server rejected it`);
    const renewed = cached !== undefined;
    const token = asOfNow(options, await signToken(request, options, renewed));
    keepToken(source, token);
    leave({ first: mark?.first ?? now(), expires: token.expires, renewed });
    return { token, renewed };
  });
}

/** The mark of a process whose second call is no sign of a refusal; undefined if it is one. */
function excuseOf(parentId: number, mark: Mark): Mark | undefined {
  const words = commandLine(parentId) ?? [];
  if (runsScripts(words)) {
    debug(
      `process ${parentId} runs a script, which can request tokens repeatedly: the token was not rejected`,
    );
    // Nothing more is to be fetched in this burst: the warm path answers the next calls.
    return { ...mark, renewed: true };
  }
  if (mark.excused === true || !readsStdinManifest(words)) return undefined;
  debug(
    `process ${parentId} reads a manifest from stdin and requests a token twice: the token was not rejected`,
  );
  return { ...mark, excused: true };
}

/**
 * The cached token, updated with the current identities that the warm path compares; so a rewritten file costs no network call.
 */
function findCurrentToken(request: MintRequest, options: MintOptions): CachedToken | undefined {
  const { source, now } = options;
  const cached = findToken(source, request.key, now());
  if (cached === undefined) return undefined;
  const current = asOfNow(options, cached);
  const isSame =
    isSameRecord(current.cluster, cached.cluster) &&
    current.requiresCluster === cached.requiresCluster &&
    isSameFiles(current.witnesses, cached.witnesses);
  if (!isSame) keepToken(source, current);
  return current;
}

/** A token with what the warm path compares: the record of its cluster, and its source as it was opened. */
function asOfNow({ source, guard }: MintOptions, token: CachedToken): CachedToken {
  const { key, token: text, expires } = token;
  const { record: cluster, isRequired } = guard();
  const witnesses = ifUnchanged(source.witnesses);
  return {
    key,
    token: text,
    expires,
    ...(cluster === undefined ? {} : { cluster }),
    ...(isRequired ? { requiresCluster: true } : {}),
    ...(source.digest === undefined ? {} : { source: source.digest }),
    ...(witnesses === undefined ? {} : { witnesses }),
  };
}

/** Undefined if a file has changed since the source was opened: the token was made from the previous contents. */
function ifUnchanged(witnesses: CredentialsSource["witnesses"]): CredentialsSource["witnesses"] {
  const { identity } = nodeHost(process);
  return witnesses?.every(([file, before]) => identity(file) === before) ? witnesses : undefined;
}

function isSameFiles(a: CredentialsSource["witnesses"], b: CredentialsSource["witnesses"]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Whether the cached token is the one that this process was given a moment ago, and no process has fetched another since. A
 * caller that asked before then, and waited for the lock, cannot have had it refused yet: it is a client that asks several times
 * at once.
 */
function isRefused(mark: Mark | undefined, cached: CachedToken, askedAt: number): boolean {
  return mark !== undefined && !mark.renewed && mark.first <= askedAt && mark.expires === cached.expires;
}

async function signToken(request: MintRequest, options: MintOptions, fresh: boolean): Promise<CachedToken> {
  const { region, stsHost, key } = request;
  const cluster = request.clusterId ?? request.cluster;
  const { source, now } = options;
  const credentials = await source.credentials({ fresh, minRemainingMs: MIN_CREDENTIALS_MS });
  const signedAt = now();
  const expires = tokenExpiry({ signedAt, credentialsEnd: credentials.expires, sessionEnd: source.end });
  if (expires <= signedAt) throw source.aboutToEnd();
  debug(`token signed for ${cluster} at ${stsHost}, ${goodFor(expires - signedAt)}`);
  const token = signEksToken({ cluster, region, stsHost, signedAt }, credentials);
  return { key, token, expires };
}
