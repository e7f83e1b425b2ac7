import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { readArchive } from "../../krew/archive/read.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

let unpacked: string | undefined;

/** Folder of the release that is to be tested; undefined: the sources are. */
export function releaseFolder(): string | undefined {
  const folder = process.env["KUBECTL_VOUCH_RELEASE"];
  return folder ? path.resolve(ROOT, folder) : undefined;
}

/** Our version, as the release's files have it in their names. */
export function shippedVersion(): string {
  const file = path.join(ROOT, "package.json");
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { version: string }).version;
}

/** A folder with what the release has for this machine, unpacked once for this process and removed when it ends. */
export function shippedFiles(release: string): string {
  if (unpacked === undefined) {
    unpacked = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-shipped-"));
    const folder = unpacked;
    process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    const archive = archiveName(shippedVersion(), {
      os: "linux",
      arch: process.arch === "arm64" ? "arm64" : "amd64",
    });
    for (const { name, bytes, mode } of readArchive(fs.readFileSync(path.join(release, archive))))
      fs.writeFileSync(path.join(folder, name), bytes, { mode });
  }
  return unpacked;
}
