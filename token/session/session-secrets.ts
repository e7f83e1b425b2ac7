import fs from "node:fs";
import { codeOf } from "../files/file-reasons.ts";
import { namesIn } from "../files/names-in.ts";
import type { KeyStoreKind } from "../hot/key-store-kind.ts";
import { profilesFolder } from "../hot/state-files.ts";
import type { KeyStore } from "../keystore/key-store.ts";

/**
 * Whose AWS credentials lie in a key store, which cannot list. So that all are found when they are to be removed, the folder
 * has an empty file per entry: `<prefix><short name>`.
 */
export interface CredentialsHolder {
  /** Part of their names in the key store. */
  readonly id: string;
  readonly folder: string;
  readonly prefix: string;
}

const PREFIX = "aws-";

/** Those of a session, whose folder may have been moved. */
export function sessionHolder(id: string, folder: string): CredentialsHolder {
  return { id, folder, prefix: PREFIX };
}

/** Those of AWS profiles. Nothing else says in which key store they are, so the notes do. */
export function profilesHolder(state: string, kind: KeyStoreKind): CredentialsHolder {
  return { id: "profiles", folder: profilesFolder(state), prefix: `${PREFIX}${kind}-` };
}

/** The key store's name of AWS credentials. */
export function credentialsName({ id }: Pick<CredentialsHolder, "id">, name: string): string {
  return `aws:${id}:${name}`;
}

/**
 * Notes that credentials of this name may be in the key store, and since when. False when the folder is gone: then they must
 * not be.
 */
export function rememberName(holder: CredentialsHolder, name: string): boolean {
  const note = noteOf(holder, name);
  try {
    // Made or there already: what stands there is never opened, be it a pipe.
    fs.writeFileSync(note, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    return codeOf(error) === "EEXIST" && renewNote(note);
  }
}

/** One whose time cannot be changed still says that there may be something. */
function renewNote(note: string): boolean {
  const now = new Date();
  try {
    fs.lutimesSync(note, now, now);
    return true;
  } catch (error) {
    return codeOf(error) !== "ENOENT";
  }
}

/** The short names of all credentials that were noted. */
export function rememberedNames({ folder, prefix }: CredentialsHolder): string[] {
  return namesIn(folder)
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length));
}

/** Those that were noted before a time, in milliseconds since 1970. */
export function namesBefore(holder: CredentialsHolder, time: number): string[] {
  return rememberedNames(holder).filter((name) => {
    const facts = fs.lstatSync(noteOf(holder, name), { throwIfNoEntry: false });
    return facts !== undefined && facts.mtimeMs < time;
  });
}

/**
 * Removes AWS credentials of a holder that goes on, all unless some are named. Returns how many there may have been. The
 * note goes first: a mint under way writes it again after it has written, so that no secret is ever left without one.
 */
export function forgetCredentials(
  holder: CredentialsHolder,
  keyStore: KeyStore,
  names: readonly string[] = rememberedNames(holder),
): number {
  for (const name of names) {
    fs.rmSync(noteOf(holder, name), { force: true });
    try {
      keyStore.remove(credentialsName(holder, name));
    } catch (error) {
      rememberName(holder, name);
      throw error;
    }
  }
  return names.length;
}

function noteOf({ folder, prefix }: CredentialsHolder, name: string): string {
  return `${folder}/${prefix}${name}`;
}
