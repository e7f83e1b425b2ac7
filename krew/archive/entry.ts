import type { Platform } from "../platforms.ts";

/** A file to be packed. Names are flat: no folders. */
export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly executable: boolean;
}

/** An entry as stored in an archive. */
export interface ArchiveEntry {
  readonly name: string;
  readonly type: "file" | "directory" | "symlink" | "hardlink" | "other";
  /** Permission bits, such as 0o755. */
  readonly mode: number;
  /** Empty except for files. */
  readonly bytes: Buffer;
}

/** Year of every entry: the oldest that a zip can express, so that the same files always give the same archive. */
export const MTIME_YEAR = 1980;

/** Mode of a packed file. */
export function modeOf({ executable }: Pick<ArchiveFile, "executable">): number {
  return executable ? 0o755 : 0o644;
}

/** Files in packing order, which depends neither on their original order nor on the language. */
export function inOrder(files: readonly ArchiveFile[]): ArchiveFile[] {
  return files.toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

/** File name of a platform's archive. `version` is without the `v` of the tag: "0.1.0". */
export function archiveName(version: string, { os, arch }: Pick<Platform, "os" | "arch">): string {
  return `kubectl-vouch_${version}_${os}_${arch}${os === "windows" ? ".zip" : ".tar.gz"}`;
}
