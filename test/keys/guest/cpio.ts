import fs from "node:fs";
import path from "node:path";

/** A file of an archive by its path in it: bytes, a file of this machine, or where a symbolic link leads. */
export type ArchiveFile =
  | { readonly bytes: string | Uint8Array; readonly executable?: boolean }
  | { readonly from: string }
  | { readonly link: string };

/** Type bits of a mode. Source: inode(7). */
const TYPE = { folder: 0o040000, file: 0o100000, link: 0o120000 };

/**
 * Writes an archive that the kernel unpacks as its first file system; folders are added as they are needed. All is root's.
 *
 * Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
 */
export function writeCpio(file: string, files: ReadonlyMap<string, ArchiveFile>): void {
  const out = fs.openSync(file, "w");
  let ino = 0;
  const add = (name: string, mode: number, bytes: Uint8Array) => {
    ino += 1;
    fs.writeSync(out, header({ name, mode, ino, size: bytes.length }));
    fs.writeSync(out, bytes);
    fs.writeSync(out, padding(bytes.length));
  };
  try {
    for (const folder of foldersOf(files.keys())) add(folder, TYPE.folder | 0o755, Buffer.alloc(0));
    for (const [name, entry] of files) {
      if ("link" in entry) add(name, TYPE.link | 0o777, Buffer.from(entry.link));
      else if ("from" in entry) add(name, TYPE.file | modeOf(entry.from), fs.readFileSync(entry.from));
      else add(name, TYPE.file | (entry.executable ? 0o755 : 0o644), Buffer.from(entry.bytes));
    }
    add("TRAILER!!!", 0, Buffer.alloc(0));
  } finally {
    fs.closeSync(out);
  }
}

/** A file that everybody may read, and run when its owner may. */
function modeOf(file: string): number {
  return fs.statSync(file).mode & 0o100 ? 0o755 : 0o644;
}

/** Every folder above these files, the outer before the inner. */
function foldersOf(names: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const name of names) {
    for (let folder = path.posix.dirname(name); folder !== "."; folder = path.posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return [...folders].sort();
}

interface Header {
  readonly name: string;
  readonly mode: number;
  readonly ino: number;
  readonly size: number;
}

/** Magic and 13 numbers, then the name and a zero, up to a multiple of four. */
function header({ name, mode, ino, size }: Header): Buffer {
  const numbers = [ino, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0];
  const head = `070701${numbers.map((number) => number.toString(16).padStart(8, "0")).join("")}${name}\0`;
  return Buffer.concat([Buffer.from(head), padding(Buffer.byteLength(head))]);
}

function padding(length: number): Buffer {
  return Buffer.alloc(-length & 3);
}
