import fs from "node:fs";
import { namesIn } from "../files/names-in.ts";
import { sessionFolder } from "../hot/state-files.ts";
import type { KeyStore } from "../keystore/key-store.ts";

/**
 * AWS credentials of a session lie in its key store, which cannot list. So that logout finds them all, the session's
 * folder has an empty file per entry: `aws-<short name>`.
 */
const PREFIX = "aws-";

/** The key store's name of AWS credentials. */
export function credentialsName(sessionId: string, name: string): string {
  return `aws:${sessionId}:${name}`;
}

/** Notes that credentials of this name may be in the key store. False when the session's folder is gone: then they must not be. */
export function rememberName(state: string, sessionId: string, name: string): boolean {
  try {
    // Made or there already: what stands there is never opened, be it a pipe.
    fs.writeFileSync(`${sessionFolder(state, sessionId)}/${PREFIX}${name}`, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EEXIST";
  }
}

/** The short names of all credentials that were noted in a session's folder, wherever that lies now. */
export function rememberedNames(folder: string): string[] {
  return namesIn(folder)
    .filter((file) => file.startsWith(PREFIX))
    .map((file) => file.slice(PREFIX.length));
}

/**
 * Removes all AWS credentials of a session that goes on. Returns how many there may have been. The note goes first: a
 * mint under way writes it again after it has written, so that no secret is ever left without one.
 */
export function forgetCredentials(
  { state, keyStore }: { readonly state: string; readonly keyStore: KeyStore },
  sessionId: string,
): number {
  const folder = sessionFolder(state, sessionId);
  const names = rememberedNames(folder);
  for (const name of names) {
    fs.rmSync(`${folder}/${PREFIX}${name}`, { force: true });
    try {
      keyStore.remove(credentialsName(sessionId, name));
    } catch (error) {
      rememberName(state, sessionId, name);
      throw error;
    }
  }
  return names.length;
}
