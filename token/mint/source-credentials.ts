import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { debug } from "../debug.ts";
import { reasonOf } from "../errors/errors.ts";
import { KEY_STORE_KINDS, type KeyStoreKind } from "../hot/key-store-kind.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import {
  type CredentialsHolder,
  forgetCredentials,
  namesBefore,
  profilesHolder,
  rememberedNames,
} from "../session/session-secrets.ts";
import { type CredentialsKey, type CredentialsOptions, cachedCredentials } from "./credentials-cache.ts";
import { makeProfilesFolder } from "./profiles-folder.ts";

/** Where the credentials of AWS profiles are kept. */
export interface SourcePlace {
  readonly state: string;
  /** Opened only if something is cached; `kind` is where credentials already are, so that no store needs to be tested. */
  readonly keyStore: (kind: KeyStoreKind | undefined) => Promise<KeyStore>;
}

/**
 * Credentials for an AWS profile, from the key store or fetched; only once for all processes that ask at the same time. If the
 * key store fails, nothing is cached.
 */
export async function sourceCredentials(
  { state, keyStore }: SourcePlace,
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

/** No AWS session lives longer, in milliseconds. Source: AWS STS API Reference, AssumeRole, DurationSeconds. */
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
