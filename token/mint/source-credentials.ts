import type { TemporaryCredentials } from "../aws/aws-credentials.ts";
import { debug } from "../debug.ts";
import { reasonOf } from "../errors/errors.ts";
import { KEY_STORE_KINDS, type KeyStoreKind } from "../hot/key-store-kind.ts";
import type { KeyStore } from "../keystore/key-store.ts";
import { profilesHolder, rememberedNames } from "../session/session-secrets.ts";
import { type CredentialsKey, type CredentialsOptions, cachedCredentials } from "./credentials-cache.ts";
import { makeProfilesFolder } from "./profiles-folder.ts";

/** Where the credentials of AWS profiles are kept. */
export interface SourcePlace {
  readonly state: string;
  /** Opened only where something is kept; `kind` is where things lie already, so that nothing needs to be tried out. */
  readonly keyStore: (kind: KeyStoreKind | undefined) => Promise<KeyStore>;
}

/**
 * Credentials that an AWS profile leads to, from the key store or fetched; once for all processes that ask at once. A key
 * store that fails means that nothing is kept.
 */
export async function sourceCredentials(
  { state, keyStore }: SourcePlace,
  wanted: CredentialsKey,
  options: CredentialsOptions,
  fetch: () => Promise<TemporaryCredentials>,
): Promise<TemporaryCredentials> {
  if (options.keep === false) return fetch();
  const kind = notedKind(state);
  const noted = kind === undefined ? undefined : await usable(() => keyStore(kind));
  const store = noted ?? (await usable(() => keyStore(undefined)));
  if (store === undefined) return fetch();
  makeProfilesFolder(state);
  return cachedCredentials(
    { keyStore: store, holder: profilesHolder(state, store.kind) },
    wanted,
    options,
    fetch,
  );
}

/** The key store in which credentials of AWS profiles lie. */
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
  debug(`AWS credentials are not kept: ${reasonOf(error)}`);
}
