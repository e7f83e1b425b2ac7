import { reasonOf } from "../errors/errors.ts";

/** Links followed before we report a loop. Source: Linux, `MAXSYMLINKS`. */
export const MAX_LINKS = 40;

/** The message for that. */
export const LINK_LOOP = "its symbolic links form a loop";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a directory",
  ERR_FS_EISDIR: "it is a directory",
  ENOENT: "its folder does not exist",
  ENOTDIR: "a part of its path is not a directory",
  ELOOP: LINK_LOOP,
  EBUSY: "it is in use, or it is a mount point",
};

/** Why a file system call failed, for users. */
export function whyFailed(error: unknown): string {
  return REASONS[codeOf(error)] ?? reasonOf(error);
}

/** Node's code, such as `ENOENT`; empty for anything else that was thrown. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
