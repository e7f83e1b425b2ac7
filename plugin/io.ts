import fs from "node:fs";
import { text } from "node:stream/consumers";
import type { Io } from "./app.ts";
import { openTerminalDevice } from "./terminal-device.ts";

/** The real streams of this process. */
export function processIo(program: NodeJS.Process): Io {
  return {
    out: (data) => writeAll(1, data),
    err: (data) => writeAll(2, data),
    readStdin: () => text(program.stdin),
    stdinIsTerminal: program.stdin.isTTY === true,
    stdoutIsTerminal: program.stdout.isTTY === true,
    stderrIsTerminal: program.stderr.isTTY === true,
    columns: program.stderr.columns ?? program.stdout.columns ?? 80,
    openTerminal: () => openTerminalDevice(program.platform),
  };
}

/** Writes at once and whole, so that nothing is lost when the process ends. A reader that has gone is no error of ours. */
function writeAll(stream: 1 | 2, data: string): void {
  let rest = Buffer.from(data);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(stream, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE" || code === "EBADF" || code === "EIO") return;
      throw error;
    }
  }
}
