import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { type ExchangeParties, exchange } from "../aws/exchange.ts";
import { debug, goodFor } from "../debug.ts";
import { fnv64 } from "../hot/fnv.ts";
import type { Asker } from "../hot/key.ts";
import { partitionOfRegion } from "../hot/partition.ts";
import type { RoleRequest } from "../hot/question.ts";
import { sessionFolder } from "../hot/state-files.ts";
import { VERSION } from "../hot/version.ts";
import { credentialsName, rememberName } from "../session/session-secrets.ts";
import type { SessionPlace } from "../session/session-store.ts";
import { withLock } from "./with-lock.ts";

/** A request for a role, and who asks. */
export type CredentialsRequest = RoleRequest & Asker;

export interface CredentialsOptions {
  /** Cached credentials are good when they live at least this long, in milliseconds. */
  readonly minRemainingMs: number;
  /** Ask STS even when there are good ones in the cache. */
  readonly fresh: boolean;
  /** False: no file is written, not even a lock. */
  readonly keep?: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * The role's credentials, from the key store or from STS. One exchange for all processes that ask at once: whoever
 * waits for the lock finds what the first one fetched.
 */
export async function roleCredentials(
  place: SessionPlace,
  request: CredentialsRequest,
  { parties, ...options }: CredentialsOptions & { readonly parties: ExchangeParties },
): Promise<TemporaryCredentials> {
  const key = credentialsKey(request);
  const good = () => {
    const cached = options.fresh ? undefined : readCredentials(place, request.session.id, key);
    const leftMs = (cached?.expires ?? 0) - options.now();
    const isGood = cached !== undefined && leftMs >= options.minRemainingMs;
    debug(`AWS credentials for ${request.role}: ${isGood ? "cached" : whyNone(cached, leftMs, options)}`);
    return isGood ? cached : undefined;
  };
  const early = good();
  if (early !== undefined) return early;
  if (options.keep === false) return exchange(request, parties);

  const folder = sessionFolder(place.state, request.session.id);
  return withLock(
    { file: `${folder}/credentials-${fnv64(key)}`, signal: options.signal, now: options.now },
    async () => {
      const late = good();
      if (late !== undefined) return late;
      const credentials = await exchange(request, parties);
      keepCredentials(place, request.session.id, { key, credentials });
      return credentials;
    },
  );
}

function whyNone(
  cached: TemporaryCredentials | undefined,
  leftMs: number,
  { fresh, keep, minRemainingMs }: CredentialsOptions,
): string {
  if (keep === false) return "nothing is cached, as the settings say";
  if (fresh) return "new ones are wanted, because the token was refused";
  if (cached === undefined) return "none are cached";
  return `those cached are ${goodFor(leftMs)}, and ${minRemainingMs / 1000} s are wanted`;
}

/** All that changes the credentials. The region only picks the STS host, so clusters of many regions share them. */
function credentialsKey({ server, session, role, via, region, agent }: CredentialsRequest): string {
  return JSON.stringify([
    VERSION,
    server,
    session.identity,
    session.id,
    role,
    via,
    partitionOfRegion(region).id,
    agent ?? null,
  ]);
}

function readCredentials(
  { keyStore }: SessionPlace,
  sessionId: string,
  key: string,
): TemporaryCredentials | undefined {
  const text = keyStore.read(credentialsName(sessionId, fnv64(key)));
  if (text === undefined) return undefined;
  try {
    const entry = JSON.parse(text) as { readonly key: string; readonly credentials: TemporaryCredentials };
    return entry.key === key ? entry.credentials : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name first, then the secret, then a look whether the session still is: so logout leaves none behind. A key store
 * that cannot hold them (some have small entries) means no cache, not a failure.
 */
function keepCredentials(
  { state, keyStore }: SessionPlace,
  sessionId: string,
  entry: { readonly key: string; readonly credentials: TemporaryCredentials },
): void {
  const name = fnv64(entry.key);
  if (!rememberName(state, sessionId, name)) return;
  try {
    keyStore.write(credentialsName(sessionId, name), JSON.stringify(entry));
  } catch {
    return;
  }
  if (!rememberName(state, sessionId, name)) keyStore.remove(credentialsName(sessionId, name));
}
