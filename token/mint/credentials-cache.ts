import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { debug, goodFor } from "../debug.ts";
import { reasonOf } from "../errors/errors.ts";
import { withLock } from "../files/file-lock.ts";
import { fnv64 } from "../hot/fnv.ts";
import { KEY_STORE_KINDS, type KeyStoreKind } from "../hot/key-store-kind.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import {
  type CredentialsHolder,
  credentialsName,
  forgetCredentials,
  namesBefore,
  profilesHolder,
  rememberedNames,
  rememberName,
} from "../session/session-secrets.ts";
import type { CredentialsKey, CredentialsWish, Gone } from "./mint-source.ts";
import { makeProfilesFolder } from "./profile-source.ts";

export interface CredentialsOptions extends CredentialsWish {
  /** False: no file is written, not even a lock. With `fresh`, nothing is read either: there is no cache. */
  readonly keep?: boolean;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Where credentials are kept, and whose they are. */
interface CredentialsPlace {
  readonly keyStore: KeyStore;
  readonly holder: CredentialsHolder;
  /** Undefined: nothing is kept. */
  readonly gone?: Gone;
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

/** Where the credentials of AWS profiles are kept. */
export interface ProfilesPlace {
  readonly state: string;
  /** Opened only if something is cached; `kind` is where credentials already are, so that no store needs to be tested. */
  readonly keyStore: (kind: KeyStoreKind | undefined) => Promise<KeyStore>;
}

/**
 * Credentials for an AWS profile, from the key store or fetched; only once for all processes that ask at the same time. If the
 * key store fails, nothing is cached.
 */
export async function profileCredentials(
  { state, keyStore }: ProfilesPlace,
  wanted: CredentialsKey,
  options: CredentialsOptions,
  fetch: () => Promise<TemporaryCredentials>,
): Promise<TemporaryCredentials> {
  const kind = notedKind(state);
  if (options.keep === false && kind === undefined) return fetch();
  const noted = kind === undefined ? undefined : await usable(() => keyStore(kind));
  const store = noted ?? (await usable(() => keyStore(undefined)));
  if (store === undefined) return fetch();
  if (options.keep !== false) makeProfilesFolder(state);
  const holder = profilesHolder(state, store.kind);
  return cachedCredentials({ keyStore: store, holder }, wanted, options, () => {
    if (options.keep !== false) forgetOld(holder, store, options.now());
    return fetch();
  });
}

/** No AWS session is valid longer, in milliseconds. Source: AWS STS API Reference, AssumeRole, DurationSeconds. */
const LONGEST_MS = 12 * 60 * 60 * 1000;

/** There is no logout from a profile, so expired credentials are removed when new ones are fetched. */
function forgetOld(holder: CredentialsHolder, keyStore: KeyStore, now: number): void {
  try {
    forgetCredentials(holder, keyStore, namesBefore(holder, now - LONGEST_MS));
  } catch (error) {
    debug(`old AWS credentials could not be removed: ${reasonOf(error)}`);
  }
}

/** The key store that contains credentials of AWS profiles. */
function notedKind(state: string): KeyStoreKind | undefined {
  return KEY_STORE_KINDS.find((kind) => rememberedNames(profilesHolder(state, kind)).length > 0);
}

async function usable(open: () => Promise<KeyStore>): Promise<KeyStore | undefined> {
  try {
    const store = await open();
    return { ...store, read: (name) => orUndefined(() => store.read(name)) };
  } catch (error) {
    return unusable(error);
  }
}

function orUndefined(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    return unusable(error);
  }
}

function unusable(error: unknown): undefined {
  debug(`AWS credentials were not cached: ${reasonOf(error)}`);
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
