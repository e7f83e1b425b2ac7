import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { KeyStore } from "../../token/keystore/key-store.ts";
import { openKeyStore } from "../../token/keystore/open-key-store.ts";
import type { LocalState } from "./workplace.ts";

/** The key store of this kind (or the best there is) in our folders. */
export function ourKeyStore(
  { folders }: Pick<LocalState, "folders">,
  kind: KeyStoreKind | undefined,
  bus?: string,
): Promise<KeyStore> {
  return openKeyStore({ kind, folder: folders.keys, bus });
}
