import { debug } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import type { KeyStoreKind } from "../hot/key-store-kind.ts";
import { fileKeyStore } from "./file-key-store.ts";
import type { KeyStore } from "./key-store.ts";
import { type KeyringOpener, keyringKeyStore, systemKeyring } from "./keyring-key-store.ts";

/** Inserted into a release whose programs for macOS are signed with a Developer ID (krew/release.ts); absent otherwise. */
declare const KUBECTL_VOUCH_DEVELOPER_ID: boolean | undefined;

/**
 * Whether the keyring is used if none was chosen. Windows' stores too short values (keyring-key-store.ts). The Keychain recognizes
 * a program that is signed ad hoc by its hash, so it would prompt after each upgrade; and with npm, it would recognize Node, and
 * let every script read the secrets. Source: krew/PACKAGING.md, "macOS".
 */
export function prefersKeyring(
  platform: NodeJS.Platform,
  isSigned = typeof KUBECTL_VOUCH_DEVELOPER_ID === "boolean" && KUBECTL_VOUCH_DEVELOPER_ID,
): boolean {
  return platform === "darwin" ? isSigned : platform !== "win32";
}

interface KeyStoreChoice {
  /** The choice of the user or the session; undefined means the keyring if it is preferred here and works, else files. */
  readonly kind: KeyStoreKind | undefined;
  /** Folder of the files. */
  readonly folder: string;
  /** Address of the session bus that login used. */
  readonly bus?: string | undefined;
  readonly keyring?: (bus?: string) => Promise<KeyringOpener>;
  readonly platform?: NodeJS.Platform;
}

/**
 * Opens the key store. If none was chosen, and the keyring is preferred, it is tried with an entry of its own; a keyring that does
 * not keep it counts as missing. Throws `key-store-failed` if the keyring was chosen and does not work.
 */
export async function openKeyStore({
  kind,
  folder,
  bus,
  keyring = systemKeyring,
  platform = process.platform,
}: KeyStoreChoice): Promise<KeyStore> {
  if (kind === "file" || (kind === undefined && !prefersKeyring(platform))) {
    debug(`key store: files in ${folder}`);
    return fileKeyStore(folder);
  }
  try {
    const store = keyringKeyStore(await keyring(bus));
    if (kind === undefined) probe(store);
    debug("key store: the keyring");
    return store;
  } catch (error) {
    if (kind === undefined) {
      debug(`key store: files in ${folder}, because the keyring does not work: ${reasonOf(error)}`);
      return { ...fileKeyStore(folder), whyNoKeyring: reasonOf(error) };
    }
    throw error instanceof VouchError
      ? error
      : new VouchError("key-store-failed", `The keyring cannot be used: ${reasonOf(error)}.`, {
          cause: error,
        });
  }
}

/** As long as a session can be. */
const LONGEST_VALUE = 4096;

function probe(store: KeyStore): void {
  store.write("probe", "x".repeat(LONGEST_VALUE));
  store.remove("probe");
}
