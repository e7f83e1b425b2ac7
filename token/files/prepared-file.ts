import fs from "node:fs";
import path from "node:path";
import { debug } from "../debug.ts";
import { codeOf } from "./file-reasons.ts";
import { temporaryName, writeFileAtomically } from "./private-file.ts";
import { unwritable } from "./unwritable.ts";

/** A file that will be replaced by contents that are not known yet. */
export interface PreparedFile {
  /**
   * Replaces the file as a whole, with mode 0600, even if the prepared file is gone. May be tried again. Throws
   * `file-unwritable`.
   */
  replace(text: string): void;
  /** Removes the prepared file. To be called in any case. */
  release(): void;
}

/** Bytes that are reserved. Token files have up to some thousand. */
const ROOM = 32 * 1024;

/**
 * Creates a temporary file beside a file, with room for what will be written: so an unwritable folder or a full disk shows now,
 * and not when there is something to lose. Throws `file-unwritable`.
 */
export function prepareFile(file: string): PreparedFile {
  const temporary = path.join(path.dirname(file), temporaryName());
  const release = () => fs.rmSync(temporary, { force: true });
  try {
    fs.writeFileSync(temporary, Buffer.alloc(ROOM), { flag: "wx", mode: 0o600, flush: true });
  } catch (error) {
    release();
    throw unwritable(file, error);
  }
  return {
    release,
    replace(text) {
      try {
        writeOver(temporary, text);
        fs.renameSync(temporary, file);
        debug(`wrote ${file}`);
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw unwritable(file, error);
        writeFileAtomically(file, text);
      }
    },
  };
}

/** In the existing blocks, if the file system reuses them. */
function writeOver(file: string, text: string): void {
  const handle = fs.openSync(file, "r+");
  try {
    fs.writeFileSync(handle, text);
    fs.ftruncateSync(handle, Buffer.byteLength(text));
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
