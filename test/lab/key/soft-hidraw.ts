import type { HidrawIo } from "../../../token/fido2/hid/hidraw.ts";
import type { SoftKey } from "./soft-key.ts";

/**
 * A software key's file as Linux shows it: opened without blocking, written with a zero in front of each report, read
 * without one. Source: token/fido2/CTAP.md, "Plain hidraw files".
 */
export function softHidraw(key: SoftKey): HidrawIo {
  const pipe = key.open();
  const reports: Uint8Array[] = [];
  let gone = false;
  pipe.listen({
    report: (report) => reports.push(report),
    error: () => {
      gone = true;
    },
  });
  const io = {
    accessSync: () => undefined,
    openSync: () => 42,
    readSync: (_: number, buffer: Buffer) => {
      const report = reports.shift();
      if (report === undefined) {
        throw gone ? systemError("EIO", "i/o error, read") : systemError("EAGAIN", "try again, read");
      }
      buffer.set(report);
      return report.length;
    },
    writeSync: (_: number, bytes: Uint8Array) => {
      if (gone) {
        throw systemError("ENODEV", "no such device, write");
      }
      void pipe.write(bareReport(bytes));
      return bytes.length;
    },
    closeSync: () => void pipe.close(),
  };
  return io as unknown as HidrawIo;
}

/** What is written to a key, without the report ID. Linux accepts any length, so a wrong one shows here. */
export function bareReport(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 65 || bytes[0] !== 0) {
    throw new Error(`a report is written as a zero and 64 bytes, not as ${bytes[0]} and ${bytes.length - 1}`);
  }
  return bytes.subarray(1);
}

function systemError(code: string, words: string): Error {
  return Object.assign(new Error(`${code}: ${words}`), { code });
}
