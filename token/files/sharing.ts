import fs from "node:fs";
import { codeOf } from "../errors/errors.ts";

/** How long another program, such as an editor or a virus scanner, may have a file open, in milliseconds: 2 s. */
const SHARED = { tries: 20, pauseMs: 100 };

/** Errors of Windows for a file that is open elsewhere. Source: libuv, win/error.c (ERROR_SHARING_VIOLATION, ERROR_ACCESS_DENIED). */
const TO_READ = ["EBUSY"];
export const TO_CHANGE = ["EPERM", "EACCES", ...TO_READ];

/** Retries a call on a file while another program has the file open, on Windows. Throws what the last try threw. */
export function whenFree<T>(
  call: () => T,
  codes: readonly string[] = TO_READ,
  platform: NodeJS.Platform = process.platform,
): T {
  for (let left = platform === "win32" ? SHARED.tries : 1; ; left -= 1) {
    try {
      return call();
    } catch (error) {
      if (left <= 1 || !codes.includes(codeOf(error))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SHARED.pauseMs);
    }
  }
}

/** Deletes a file if it exists. */
export function deleteFile(file: string): void {
  whenFree(() => fs.rmSync(file, { force: true }), TO_CHANGE);
}
