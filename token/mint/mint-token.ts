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
import { askedCluster, findClusterRecord, isSameRecord } from "./cluster-records.ts";
import { leaveMark, recallMark } from "./marks.ts";
import { roleCredentials } from "./role-credentials.ts";
import { asksTwice } from "./stdin-manifest.ts";
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
  readonly parentId: number;
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
 * A second call for the same token from the same process within a moment means that the API server refused it: then
 * new credentials are fetched and a token minted, once in a burst. A process that asks twice anyway is excused once.
 *
 * Source: token/eks/EKS-TOKEN.md, "Refused tokens".
 */
export async function mintToken(request: TokenRequest, options: MintOptions): Promise<Minted> {
  const { place, now, parentId, signal } = options;
  const marks = { state: place.state, key: request.key, parentId };
  const lock = `${sessionFolder(place.state, request.session.id)}/mint-${fnv64(request.key)}`;
  const askedAt = now();

  return withLock({ file: lock, signal, now }, async () => {
    const cached = findRecordedToken(place.state, request, now());
    const mark = recallMark(marks, now());
    if (cached !== undefined && !isRefused(mark, cached, askedAt)) {
      leaveMark(marks, mark ?? { first: now(), expires: cached.expires, renewed: false }, now());
      return { token: cached, renewed: false };
    }
    if (cached !== undefined)
      debug(`process ${parentId} was given this token a moment ago, so the API server refused it`);
    if (cached !== undefined && mark !== undefined && mark.excused !== true && asksTwice(parentId)) {
      debug(`process ${parentId} reads a manifest from stdin and asks twice: the token was not refused`);
      leaveMark(marks, { ...mark, excused: true }, now());
      return { token: cached, renewed: false };
    }
    const renewed = cached !== undefined;
    const token = withRecord(place.state, request, await signToken(request, options, renewed));
    keepToken(place.state, request, token);
    leaveMark(marks, { first: mark?.first ?? now(), expires: token.expires, renewed }, now());
    return { token, renewed };
  });
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
  const { now, place, parties, signal } = options;
  const credentials = await roleCredentials(place, request, {
    parties,
    fresh,
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
