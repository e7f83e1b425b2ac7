import fs from "node:fs";
import { codeOf } from "../errors/errors.ts";
import { namesIn } from "../files/folders.ts";
import { deleteFile } from "../files/sharing.ts";
import type { KeyStoreKind } from "../hot/key-store-kind.ts";
import { profilesFolder } from "../hot/state-files.ts";
import type { KeyStore } from "../keystore/key-store.ts";

/**
 * The owner of AWS credentials in a key store, which cannot list. So that all can be found for removal, the folder has an empty
 * file for each entry: `<prefix><short name>`.
 */
export interface CredentialsHolder {
  /** Part of the credentials' names in the key store. */
  readonly id: string;
  readonly folder: string;
  readonly prefix: string;
}

const PREFIX = "aws-";

/** The holder for a session, whose folder may have been moved. */
export function sessionHolder(id: string, folder: string): CredentialsHolder {
  return { id, folder, prefix: PREFIX };
}

/** The holder for AWS profiles. The names of its notes tell which key store contains the credentials, since nothing else does. */
export function profilesHolder(state: string, kind: KeyStoreKind): CredentialsHolder {
  return { id: "profiles", folder: profilesFolder(state), prefix: `${PREFIX}${kind}-` };
}

/** The name of AWS credentials in the key store. */
export function credentialsName({ id }: Pick<CredentialsHolder, "id">, name: string): string {
  return `aws:${id}:${name}`;
}

/**
 * Notes that credentials of this name may be in the key store, and since when. False if the folder is gone: then they must not be
 * stored.
 */
export function rememberName(holder: CredentialsHolder, name: string): boolean {
  const note = noteOf(holder, name);
  try {
    // Created, or already there: an existing file, even a pipe, is never opened.
    fs.writeFileSync(note, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    return codeOf(error) === "EEXIST" && renewNote(note);
  }
}

/** A note whose time cannot be changed still says that there may be credentials. */
function renewNote(note: string): boolean {
  const now = new Date();
  try {
    fs.lutimesSync(note, now, now);
    return true;
  } catch (error) {
    return codeOf(error) !== "ENOENT";
  }
}

/** The short names of all noted credentials. */
export function rememberedNames({ folder, prefix }: CredentialsHolder): string[] {
  return namesIn(folder)
    .filter((file) => file.startsWith(prefix))
    .map((file) => file.slice(prefix.length));
}

/** The short names noted before a time, in milliseconds since 1970. */
export function namesBefore(holder: CredentialsHolder, time: number): string[] {
  return rememberedNames(holder).filter((name) => {
    const facts = fs.lstatSync(noteOf(holder, name), { throwIfNoEntry: false });
    return facts !== undefined && facts.mtimeMs < time;
  });
}

/**
 * Removes AWS credentials of a holder that continues to exist; all of them unless some are named. Returns how many there may have
 * been. The note is removed first: a mint under way writes it again after the secret, so that no secret is ever left without a
 * note.
 */
export function forgetCredentials(
  holder: CredentialsHolder,
  keyStore: KeyStore,
  names: readonly string[] = rememberedNames(holder),
): number {
  for (const name of names) {
    deleteFile(noteOf(holder, name));
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
