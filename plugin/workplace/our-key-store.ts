import type { KeyStoreKind } from "../../token/hot/key-store-kind.ts";
import type { KeyStore } from "../../token/keystore/key-store.ts";
import { openKeyStore } from "../../token/keystore/open-key-store.ts";
import { allSessions } from "../../token/session/current-file.ts";
import type { App } from "../app.ts";
import type { LocalState } from "./workplace.ts";

/** The key store of this kind (or the best there is) in our folders. */
export function ourKeyStore(
  { folders }: Pick<LocalState, "folders">,
  kind: KeyStoreKind | undefined,
  bus?: string,
): Promise<KeyStore> {
  return openKeyStore({ kind, folder: folders.keys, bus });
}

/**
 * Tells a user who logs in that secrets are in files because the keyring does not work. Users who already have a session in
 * files know it.
 */
export function tellIfFiles(app: App, { current, folders }: LocalState, { whyNoKeyring }: KeyStore): void {
  if (whyNoKeyring === undefined) return;
  if (allSessions(current).some(({ session }) => session.keyStore === "file")) return;
  app.io.err(
    `Secrets are stored in files in ${folders.keys}, because the keyring does not work: ${whyNoKeyring}\n`,
  );
}
