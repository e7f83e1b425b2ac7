import fs from "node:fs";
import path from "node:path";
import { withCommands } from "../command/sentence.ts";
import { freeSpace, makeFolder, showOwner, showSize } from "../command/tasks.ts";
import { codeOf, reasonOf, VouchError } from "../errors/errors.ts";

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

/**
 * The error for a file or folder that could not be written, created or removed, with the reason in words, and a hint for that
 * reason. `what` is a sentence without its full stop.
 */
export function unwritable(file: string, cause: unknown, what = `${file} cannot be written`): VouchError {
  const hint = hintFor(file, codeOf(cause));
  const why = isRefusedThere(file, codeOf(cause))
    ? "its folder exists, but nothing can be created there"
    : whyFailed(cause);
  return new VouchError("file-unwritable", `${what}: ${why}.`, {
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

export function isUnwritable(error: unknown): error is VouchError {
  return error instanceof VouchError && error.code === "file-unwritable";
}

function hintFor(file: string, code: string): string | undefined {
  const disk = freeSpace(folderThere(file));
  switch (code) {
    case "ENOSPC":
      return withCommands`Free space on its disk: ${disk}`;
    case "EROFS":
      return withCommands`Check which file system it is on: ${disk}`;
    case "ENOENT":
      return isRefusedThere(file, code)
        ? seeWhat(file)
        : withCommands`Create its folder: ${makeFolder(path.dirname(file))}`;
    case "EACCES":
    case "EPERM":
      return lookAt(closedFolder(file));
    case "ENOTDIR":
    case "EISDIR":
      return seeWhat(obstacle(file));
    case "EBUSY":
      return process.platform === "win32" ? CLOSE_IT : undefined;
    default:
      return undefined;
  }
}

/** A link that leads nowhere, or a file system such as /proc. */
function isRefusedThere(file: string, code: string): boolean {
  return code === "ENOENT" && fs.existsSync(path.dirname(file));
}

/** The folder that would contain it, or its nearest existing parent. */
function folderThere(file: string): string {
  const folder = path.dirname(file);
  return folder === file || fs.existsSync(folder) ? folder : folderThere(folder);
}

/** What prevents writing there: a folder on the path that we may not enter, else the one that we may not write. */
function closedFolder(file: string): string {
  const place = obstacle(file);
  return place === file ? folderThere(file) : place;
}

/** `file-unreadable`, with the command to look at the file if the caller has no better hint. */
export class UnreadableFile extends VouchError {
  /** The reason, to follow a colon: `it is a directory`. */
  readonly why: string;

  constructor(
    file: string,
    why: string,
    { cause, hint }: { readonly cause?: unknown; readonly hint?: string } = {},
  ) {
    super("file-unreadable", `${file} cannot be read: ${why}.`, {
      cause,
      hint: hint ?? (why === IN_USE ? CLOSE_IT : (why === DENIED ? lookAt : seeWhat)(obstacle(file))),
    });
    this.why = why;
  }
}

/**
 * What to look at if a file cannot be reached: the first thing on its path that is not a folder, or that we are not allowed
 * to enter; else the file itself. In a form that `ls` can show.
 */
export function obstacle(file: string, isOpen: (folder: string) => boolean = canEnter): string {
  return foldersTo(path.resolve(file)).find((folder) => !isOpen(folder)) ?? file;
}

/** A hint that shows owner and mode. */
export function lookAt(place: string): string {
  return withCommands`Check its owner and mode: ${showOwner(place)}`;
}

/** A hint that shows what something is, and how large. */
function seeWhat(place: string): string {
  return withCommands`See what is there: ${showSize(place)}`;
}

function foldersTo(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [...foldersTo(folder), folder];
}

/** A missing folder is not an obstacle here: that has an error of its own. */
function canEnter(folder: string): boolean {
  try {
    const facts = fs.statSync(folder, { throwIfNoEntry: false });
    if (facts === undefined) return true;
    fs.accessSync(folder, fs.constants.X_OK);
    return facts.isDirectory();
  } catch {
    return false;
  }
}

/** Links followed before we report a loop. Source: Linux, `MAXSYMLINKS`. */
export const MAX_LINKS = 40;

/** The message for that. */
export const LINK_LOOP = "its symbolic links form a loop";

const DENIED = "permission denied";

/** A sharing violation. */
const IN_USE = "another program has it open";
const CLOSE_IT =
  "Close it in the other program (for example an editor, a backup or a virus scanner) and try again.";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: DENIED,
  EPERM: DENIED,
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
export function whyFailed(error: unknown, platform = process.platform): string {
  const code = codeOf(error);
  return code === "EBUSY" && platform === "win32" ? IN_USE : (REASONS[code] ?? reasonOf(error));
}
