import { VouchError } from "../../token/errors/errors.ts";
import type { App } from "../app.ts";

/** The error where the user database does not list the user, as in some containers. */
export function noDatabaseHome({ platform }: App): VouchError {
  const uid = platform === "win32" ? undefined : globalThis.process.getuid?.();
  return new VouchError(
    "file-unwritable",
    uid === undefined
      ? "The user database does not have a home directory for you."
      : `UID ${uid} does not have an entry with a home directory in /etc/passwd.`,
    {
      hint: "Add one, or run this as a user who has one. HOME is not used for this, because a kubeconfig can set it.",
    },
  );
}

/** The hint where the home directory of the user database cannot be written, but HOME is a different one. */
export function databaseHomeHint({ databaseHome, homeDir }: App): string | undefined {
  return databaseHome === homeDir
    ? undefined
    : `Your home directory in the user database is ${databaseHome}: make it writable, or change the entry. HOME (${homeDir}) is not used for this, because a kubeconfig can set it.`;
}
