import { codeOf, whyFailed } from "../files/file-reasons.ts";
import { UnreadableFile } from "../files/plain-file.ts";
import { unwritable } from "../files/unwritable.ts";
import { VouchError } from "./errors.ts";

/**
 * Errors with which a file system may refuse any call, whatever we do. Absent: ENOENT and EEXIST, which we must handle where they
 * can happen. Source: path_resolution(7), open(2), write(2).
 */
const REFUSALS = new Set([
  ...["EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EFBIG", "EIO", "ESTALE", "ENODEV", "ENXIO", "EBUSY"],
  ...["ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENOTEMPTY", "ERR_FS_EISDIR"],
]);

/** Errors of a write, which name no file. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

const TOO_MANY_OPEN = new Set(["EMFILE", "ENFILE"]);

/** Calls that only read. */
const READS = new Set([
  "open",
  "read",
  "stat",
  "lstat",
  "fstat",
  "scandir",
  "readlink",
  "access",
  "realpath",
]);

/** An error of Node that the file system caused, as one of ours; undefined for any other. */
export function systemError(error: unknown): VouchError | undefined {
  const { path: file, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const code = codeOf(error);
  if (TOO_MANY_OPEN.has(code)) {
    return new VouchError(
      "too-many-open-files",
      `${file ?? "A file"} cannot be opened: too many open files.`,
      {
        cause: error,
      },
    );
  }
  if (file === undefined) {
    return FULL.has(code)
      ? new VouchError("file-unwritable", `A file cannot be written: ${whyFailed(error)}.`, { cause: error })
      : undefined;
  }
  if (!REFUSALS.has(code)) return undefined;
  return READS.has(syscall ?? "")
    ? new UnreadableFile(file, whyFailed(error), { cause: error })
    : unwritable(file, error);
}
