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
