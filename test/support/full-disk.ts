import fs from "node:fs";
import path from "node:path";

/**
 * Makes the disk full for files created in this folder, until the result is called: the first half of what is written still fits.
 * Source of the error: write(2), ENOSPC.
 */
export function fillDisk(folder: string): () => void {
  const { openSync, writeSync } = fs;
  const full = new Set<number>();
  fs.openSync = ((file: fs.PathLike, flags: fs.OpenMode, mode?: fs.Mode) => {
    const handle = openSync(file, flags, mode);
    if (path.dirname(String(file)) === folder) full.add(handle);
    else full.delete(handle);
    return handle;
  }) as typeof openSync;
  fs.writeSync = ((handle: number, data: Uint8Array, offset?: number) => {
    if (!full.has(handle)) return writeSync(handle, data, offset);
    writeSync(handle, data.subarray(0, data.length / 2));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  }) as typeof writeSync;
  return () => Object.assign(fs, { openSync, writeSync });
}

type AnyCall = (...args: unknown[]) => unknown;

/** A call of `fs` that the file system refuses, or not. */
interface Refusal {
  readonly names: readonly (keyof typeof fs)[];
  refuses(name: keyof typeof fs, args: readonly unknown[]): boolean;
  readonly code: string;
  readonly words: string;
}

const FULL: Refusal = {
  names: ["openSync", "writeFileSync", "mkdirSync"],
  refuses: (name, args) => needsRoom(name, args),
  code: "ENOSPC",
  words: "no space left on device",
};

/**
 * Source: open(2), access(2), unlink(2), rename(2), link(2), mkdir(2), chmod(2): EROFS; for a missing file they fail with ENOENT.
 */
const READ_ONLY: Refusal = {
  names: [
    ...FULL.names,
    "accessSync",
    "rmSync",
    "unlinkSync",
    "rmdirSync",
    "renameSync",
    "linkSync",
    "chmodSync",
  ],
  refuses(name, args) {
    if (FULL.names.includes(name)) return needsRoom(name, args);
    const isWanted = name !== "accessSync" || (Number(args[1]) & fs.constants.W_OK) !== 0;
    return isWanted && fs.existsSync(String(args[0]));
  },
  code: "EROFS",
  words: "read-only file system",
};

/** Does the work while nothing can be created below this folder; what is there can be read, moved and removed. */
export function onFullDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return refusing(folder, FULL, work);
}

/** Does the work while this folder's contents can be read, and nothing else. */
export function onReadOnlyDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return refusing(folder, READ_ONLY, work);
}

async function refusing<T>(
  folder: string,
  { names, refuses, code, words }: Refusal,
  work: () => Promise<T>,
): Promise<T> {
  const real = new Map(names.map((name) => [name, fs[name] as AnyCall]));
  for (const [name, call] of real)
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        const file = String(args[0]);
        if (!file.startsWith(`${folder}/`) || !refuses(name, args)) return call(...args);
        const syscall = SYSCALLS[name] ?? "open";
        const message = `${code}: ${words}, ${syscall} '${file}'`;
        throw Object.assign(new Error(message), { code, path: file, syscall });
      },
    });
  try {
    return await work();
  } finally {
    for (const [name, call] of real) Object.assign(fs, { [name]: call });
  }
}

const SYSCALLS: Partial<Record<keyof typeof fs, string>> = {
  ...{ mkdirSync: "mkdir", rmSync: "rm", unlinkSync: "unlink", rmdirSync: "rmdir" },
  ...{ accessSync: "access", renameSync: "rename", linkSync: "link", chmodSync: "chmod" },
};

function needsRoom(name: keyof typeof fs, [file, flags]: readonly unknown[]): boolean {
  if (name === "mkdirSync") return !fs.existsSync(String(file));
  if (name === "writeFileSync") return true;
  if (typeof flags === "number") return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === "string" && /[wa+]/.test(flags);
}
