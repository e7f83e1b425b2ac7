import fs from "node:fs";

/** How long to wait for a slow reader before the next try, in milliseconds. */
const RETRY_MS = 5;

/** Writes everything synchronously, so that nothing is lost when the process ends. A closed reader is no error. */
export function writeAll(file: number, data: string): void {
  let rest = Buffer.from(data);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(file, rest));
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (["EPIPE", "EBADF", "EIO"].includes(code)) return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}
