import type { ExchangeParties } from "../aws/exchange.ts";
import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { debug, goodFor } from "../debug.ts";
import { signEksToken } from "../eks/eks-token.ts";
import { tokenExpiry } from "../eks/lifetime.ts";
import { VouchError } from "../errors/errors.ts";
import type { CachedToken } from "../hot/cached-token.ts";
import { fnv64 } from "../hot/fnv.ts";
import type { Mark } from "../hot/mark.ts";
import { sessionFolder } from "../hot/state-files.ts";
import type { SessionPlace } from "../session/session-store.ts";
import { commandLine, readsStdinManifest, runsScripts } from "./asking-process.ts";
import { askedCluster, findClusterRecord, isSameRecord } from "./cluster-records.ts";
import { leaveMark, recallMark } from "./marks.ts";
import { roleCredentials } from "./role-credentials.ts";
import { findToken, keepToken } from "./token-cache.ts";
import type { TokenRequest } from "./token-request.ts";
import { withLock } from "./with-lock.ts";

/**
 * Credentials are used for a token only while they live longer than this, in milliseconds: a shorter token would make
 * a long-running client come back every moment.
 */
const MIN_CREDENTIALS_MS = 5 * 60 * 1000;

export interface MintOptions {
  readonly place: SessionPlace;
  readonly parties: ExchangeParties;
  readonly now: () => number;
  /** The client that asks; undefined when it is none that asks again after a refusal. */
  readonly parentId: number | undefined;
  /** False: nothing is kept, and nothing that was kept is used. */
  readonly cache?: boolean;
  readonly signal: AbortSignal;
}

/** The answer, and whether it was fetched again because the API server seems to have refused the one before. */
export interface Minted {
  readonly token: CachedToken;
  readonly renewed: boolean;
}

/**
 * The full program's answer to a question: from the cache if there is one meanwhile, else from STS. Under a lock of its
 * own, so that many processes cause one exchange.
 *
 * A second call for the same token from the same client within a moment means that the API server refused it: then
 * new credentials are fetched and a token minted, once in a burst. A kubectl that asks twice anyway is excused once, a shell
 * or an interpreter always: it runs us because its script says so.
 *
 * Source: token/eks/EKS-TOKEN.md, "Refused tokens".
 */
export async function mintToken(request: TokenRequest, options: MintOptions): Promise<Minted> {
  const { place, now, parentId, signal, cache = true } = options;
  const marks = parentId === undefined ? undefined : { state: place.state, key: request.key, parentId };
  const leave = (mark: Mark) => marks && leaveMark(marks, mark, now());
  if (!cache) return { token: await signToken(request, options, false), renewed: false };

  const lock = `${sessionFolder(place.state, request.session.id)}/mint-${fnv64(request.key)}`;
  const askedAt = now();

  return withLock({ file: lock, signal, now }, async () => {
    const cached = findRecordedToken(place.state, request, now());
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
      debug(`process ${parentId} was given this token a moment ago, so the API server refused it`);
    const renewed = cached !== undefined;
    const token = withRecord(place.state, request, await signToken(request, options, renewed));
    keepToken(place.state, request, token);
    leave({ first: mark?.first ?? now(), expires: token.expires, renewed });
    return { token, renewed };
  });
}

/** The mark of a process whose second call is no sign of a refusal; undefined when it is one. */
function excuseOf(parentId: number, mark: Mark): Mark | undefined {
  const words = commandLine(parentId) ?? [];
  if (runsScripts(words)) {
    debug(`process ${parentId} runs a script, which asks as often as it likes: the token was not refused`);
    // In this burst nothing is to be fetched again: the warm path answers the next calls.
    return { ...mark, renewed: true };
  }
  if (mark.excused === true || !readsStdinManifest(words)) return undefined;
  debug(`process ${parentId} reads a manifest from stdin and asks twice: the token was not refused`);
  return { ...mark, excused: true };
}

/** The cached token, with the record of its cluster as it is now, so that the warm path compares with that. */
function findRecordedToken(state: string, request: TokenRequest, now: number): CachedToken | undefined {
  const cached = findToken(state, request, now);
  if (cached === undefined) return undefined;
  const recorded = withRecord(state, request, cached);
  if (!isSameRecord(recorded.cluster, cached.cluster)) keepToken(state, request, recorded);
  return recorded;
}

function withRecord(state: string, request: TokenRequest, token: CachedToken): CachedToken {
  const { cluster: _before, ...rest } = token;
  const cluster = findClusterRecord(state, askedCluster(request));
  return cluster === undefined ? rest : { ...rest, cluster };
}

/**
 * The cached token is the one this process was given a moment ago, and nobody has fetched another since. Whoever asked
 * before that, and waited for the lock, cannot have been refused it yet: a client that asks several times at once.
 */
function isRefused(mark: Mark | undefined, cached: CachedToken, askedAt: number): boolean {
  return mark !== undefined && !mark.renewed && mark.first <= askedAt && mark.expires === cached.expires;
}

async function signToken(request: TokenRequest, options: MintOptions, fresh: boolean): Promise<CachedToken> {
  const { cluster, region, server, session, stsHost, key } = request;
  const { now, place, parties, signal, cache = true } = options;
  const credentials = await roleCredentials(place, request, {
    parties,
    fresh: fresh || !cache,
    keep: cache,
    minRemainingMs: MIN_CREDENTIALS_MS,
    now,
    signal,
  });
  const signedAt = now();
  const expires = tokenExpiry({ signedAt, credentialsEnd: credentials.expires, sessionEnd: session.end });
  if (expires <= signedAt) {
    throw new VouchError(
      "session-expired",
      `The session of ${session.identity} at ${server} is about to end.`,
      {
        hint: withCommands`Run ${ours("login", { server })} and touch your security key.`,
      },
    );
  }
  debug(`token signed for ${cluster} at ${stsHost}, ${goodFor(expires - signedAt)}`);
  const token = signEksToken({ cluster, region, stsHost, signedAt }, credentials);
  return { key, token, expires };
}
