import fs from "node:fs";
import { codeOf } from "../errors/errors.ts";

/**
 * How long another program, such as an editor or a virus scanner, may have files open, in milliseconds. All of a process' files
 * together: where nothing may be deleted at all, each one would cost as much.
 */
const SHARED_MS = 2000;
const PAUSE_MS = 100;
let waitedMs = 0;

/** Errors of Windows for a file that is open elsewhere. Source: libuv, win/error.c (ERROR_SHARING_VIOLATION, ERROR_ACCESS_DENIED). */
const TO_READ = ["EBUSY"];
export const TO_CHANGE = ["EPERM", "EACCES", ...TO_READ];

/** Retries a call on a file while another program has the file open, on Windows. Throws what the last try threw. */
export function whenFree<T>(
  call: () => T,
  codes: readonly string[] = TO_READ,
  platform: NodeJS.Platform = process.platform,
): T {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if (platform !== "win32" || waitedMs >= SHARED_MS || !codes.includes(codeOf(error))) throw error;
      waitedMs += PAUSE_MS;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** Deletes a file if it exists. */
export function deleteFile(file: string): void {
  whenFree(() => fs.rmSync(file, { force: true }), TO_CHANGE);
}
