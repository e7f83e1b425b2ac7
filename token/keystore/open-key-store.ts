import { debug } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import type { KeyStoreKind } from "../hot/key-store-kind.ts";
import { fileKeyStore } from "./file-key-store.ts";
import type { KeyStore } from "./key-store.ts";
import { type KeyringOpener, keyringKeyStore, systemKeyring } from "./keyring-key-store.ts";

interface KeyStoreChoice {
  /** The choice of the user or the session; undefined means the keyring if it works, else files. */
  readonly kind: KeyStoreKind | undefined;
  /** Folder of the files. */
  readonly folder: string;
  /** Address of the session bus that login used. */
  readonly bus?: string | undefined;
  readonly keyring?: (bus?: string) => Promise<KeyringOpener>;
}

/**
 * Opens the key store. If none was chosen, the keyring is tried with an entry of its own; a keyring that does not keep it counts
 * as missing. Throws `key-store-failed` if the keyring was chosen and does not work.
 */
export async function openKeyStore({
  kind,
  folder,
  bus,
  keyring = systemKeyring,
}: KeyStoreChoice): Promise<KeyStore> {
  if (kind === "file") {
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
