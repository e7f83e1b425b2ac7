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
  onFallback?: (why: string) => void,
): Promise<KeyStore> {
  return openKeyStore({ kind, folder: folders.keys, bus, onFallback });
}

/**
 * The key store for a login that a user typed. Files in place of a keyring that does not work are no surprise to somebody who
 * has a session in them.
 */
export function keyStoreForLogin(
  app: App,
  workplace: LocalState,
  { kind, bus }: { readonly kind: KeyStoreKind | undefined; readonly bus: string | undefined },
): Promise<KeyStore> {
  return ourKeyStore(workplace, kind, bus, (why) => {
    if (allSessions(workplace.current).some(({ session }) => session.keyStore === "file")) return;
    app.io.err(
      `Secrets are stored in files in ${workplace.folders.keys}: the keyring cannot be used (${why})\n`,
    );
  });
}
