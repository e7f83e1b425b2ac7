import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { debug, goodFor } from "../debug.ts";
import { fnv64 } from "../hot/fnv.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { type CredentialsHolder, credentialsName, rememberName } from "../session/session-secrets.ts";
import type { CredentialsWish, Gone } from "./mint-source.ts";
import { withLock } from "./with-lock.ts";

export interface CredentialsOptions extends CredentialsWish {
  /** False: no file is written, not even a lock. With `fresh`, nothing is read either: there is no cache. */
  readonly keep?: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Where credentials are kept, and whose they are. */
export interface CredentialsPlace {
  readonly keyStore: KeyStore;
  readonly holder: CredentialsHolder;
  /** Undefined: nothing is kept. */
  readonly gone?: Gone;
}

/** Identifies credentials: everything that affects them, as text, and the same in words. */
export interface CredentialsKey {
  readonly key: string;
  readonly words: string;
}

/**
 * Credentials from the key store, or fetched: only once for all processes that ask at the same time, since those that wait for
 * the lock find the result of the first.
 */
export async function cachedCredentials(
  place: CredentialsPlace,
  { key, words }: CredentialsKey,
  options: CredentialsOptions,
  fetch: () => Promise<TemporaryCredentials>,
): Promise<TemporaryCredentials> {
  const good = () => {
    const cached = options.fresh ? undefined : readCredentials(place, key);
    const leftMs = (cached?.expires ?? 0) - options.now();
    const isGood = cached !== undefined && leftMs >= options.minRemainingMs;
    debug(`AWS credentials for ${words}: ${isGood ? "cached" : whyNone(cached, leftMs, options)}`);
    return isGood ? cached : undefined;
  };
  const early = good();
  if (early !== undefined) return early;
  if (options.keep === false) return fetch();

  const { holder, gone } = place;
  const lock = { file: `${holder.folder}/credentials-${fnv64(key)}`, gone };
  return withLock({ ...lock, signal: options.signal, now: options.now }, async () => {
    const late = good();
    if (late !== undefined) return late;
    const credentials = await fetch();
    keepCredentials(place, { key, credentials });
    return credentials;
  });
}

function whyNone(
  cached: TemporaryCredentials | undefined,
  leftMs: number,
  { fresh, keep, minRemainingMs }: CredentialsOptions,
): string {
  if (fresh && keep === false) return "caching is disabled by the settings";
  if (fresh) return "new ones are needed, because the token was rejected";
  if (cached === undefined) return "none are cached";
  return `those cached are ${goodFor(leftMs)}, but ${minRemainingMs / 1000} s are needed`;
}

interface Entry {
  readonly key: string;
  readonly credentials: TemporaryCredentials;
}

function readCredentials(
  { keyStore, holder }: CredentialsPlace,
  key: string,
): Entry["credentials"] | undefined {
  const text = keyStore.read(credentialsName(holder, fnv64(key)));
  if (text === undefined) return undefined;
  try {
    const entry = JSON.parse(text) as Entry;
    return entry.key === key ? entry.credentials : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The name first, then the secret, then a check that the folder still exists; so logout leaves no secrets behind. If a key store
 * cannot hold them (some limit the size of entries), they are not cached, which is no failure.
 */
function keepCredentials({ keyStore, holder }: CredentialsPlace, entry: Entry): void {
  const name = fnv64(entry.key);
  if (!rememberName(holder, name)) return;
  try {
    keyStore.write(credentialsName(holder, name), JSON.stringify(entry));
  } catch {
    return;
  }
  if (!rememberName(holder, name)) keyStore.remove(credentialsName(holder, name));
}
