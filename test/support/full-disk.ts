import fs from "node:fs";
import path from "node:path";

/**
 * Lets the disk be full for files made in this folder, until the result is called: the first half of what is written
 * still fits. Source of the error: write(2), ENOSPC.
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

const MAKERS = ["openSync", "writeFileSync", "mkdirSync"] as const;

/** Does the work while nothing can be made under this folder; what is there can be read, moved and removed. */
export async function onFullDisk<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const real = new Map(MAKERS.map((name) => [name, fs[name] as AnyCall]));
  for (const [name, call] of real)
    Object.assign(fs, {
      [name]: (...args: unknown[]) => {
        const file = String(args[0]);
        if (file.startsWith(`${folder}/`) && needsRoom(name, args)) {
          const message = `ENOSPC: no space left on device, open '${file}'`;
          throw Object.assign(new Error(message), { code: "ENOSPC" });
        }
        return call(...args);
      },
    });
  try {
    return await work();
  } finally {
    for (const [name, call] of real) Object.assign(fs, { [name]: call });
  }
}

function needsRoom(name: (typeof MAKERS)[number], [file, flags]: readonly unknown[]): boolean {
  if (name === "mkdirSync") return !fs.existsSync(String(file));
  if (name === "writeFileSync") return true;
  if (typeof flags === "number") return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
  return typeof flags === "string" && /[wa+]/.test(flags);
}
