import { gunzipSync } from "node:zlib";
import type { ArchiveEntry } from "../../../krew/archive/entry.ts";
import { readTar } from "../../../krew/archive/read-tar.ts";
import { readZip } from "./read-zip.ts";

/** The two kinds that krew accepts. */
type ArchiveKind = "tar.gz" | "zip";

/**
 * The kind of an archive by its first bytes, whatever its name, as krew determines it. Undefined for everything that krew
 * refuses.
 *
 * Source: krew 0.4.3, internal/download/downloader.go, and Go's net/http/sniff.go.
 */
export function archiveKind(bytes: Buffer): ArchiveKind | undefined {
  if (bytes.subarray(0, 3).equals(Buffer.from([0x1f, 0x8b, 0x08]))) return "tar.gz";
  if (bytes.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) return "zip";
  return undefined;
}

/**
 * All entries of an archive, in their order.
 *
 * @throws Error if it is neither a `.tar.gz` nor a `.zip`, or is damaged.
 */
export function readArchive(bytes: Buffer): ArchiveEntry[] {
  switch (archiveKind(bytes)) {
    case "tar.gz":
      return readTar(gunzipSync(bytes));
    case "zip":
      return readZip(bytes);
    default:
      throw new Error("neither a .tar.gz nor a .zip by its content");
  }
}
