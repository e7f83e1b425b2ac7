import fs from "node:fs";
import path from "node:path";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { removeFile } from "../command/tasks.ts";
import { VouchError } from "../errors/errors.ts";
import { UnreadableFile, whyFailed } from "../files/file-errors.ts";
import { readPlainFile, textOf } from "../files/plain-file.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../files/private-file.ts";
import { deleteFile } from "../files/sharing.ts";
import type { KeyStore } from "./key-store.ts";

/** Secrets as files of mode 0600 in a folder of mode 0700. The fallback if no keyring works. */
export function fileKeyStore(folder: string): KeyStore {
  const fileOf = (name: string) =>
    path.join(folder, `${encodeURIComponent(name).replaceAll("*", "%2A")}.json`);
  return {
    kind: "file",
    read(name) {
      const file = fileOf(name);
      requireOwn(file);
      const found = readPlainFile(file);
      if (found === undefined) return undefined;
      requirePrivate(file, found.facts);
      return textOf(file, found);
    },
    write(name, value) {
      ensurePrivateDirectory(folder);
      writeFileAtomically(fileOf(name), value);
    },
    remove(name) {
      try {
        deleteFile(fileOf(name));
      } catch (error) {
        throw new VouchError(
          "key-store-failed",
          `${fileOf(name)} could not be removed: ${whyFailed(error)}.`,
          { cause: error },
        );
      }
    },
  };
}

/** With a link, the key of one folder could be used with the session of another: secrets that do not belong together. */
function requireOwn(file: string): void {
  if (!isLink(file)) return;
  throw new VouchError("key-store-failed", `${file} is a symbolic link; a secret must be a regular file.`, {
    hint: withCommands`Remove it and log in again: ${removeFile(file)}`,
  });
}

function isLink(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  } catch (error) {
    throw new UnreadableFile(file, whyFailed(error), { cause: error });
  }
}

/** A secret that others could have read or put there is not trusted. Windows has no such mode bits. */
function requirePrivate(file: string, { mode, uid }: fs.Stats): void {
  if (process.getuid === undefined) return;
  if (uid === process.getuid() && (mode & 0o077) === 0) return;
  throw new VouchError(
    "key-store-failed",
    `${file} is not private: mode ${(mode & 0o777).toString(8)}, owner ${uid}.`,
    {
      hint: withCommands`If you trust its contents, run ${run("chown", String(process.getuid()), {}, file)}, then ${run("chmod", "600", {}, file)}; otherwise remove it and log in again.`,
    },
  );
}
