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

/** A folder with what the release has for this machine, unpacked once for this process and removed when it ends. */
export function shippedFiles(release: string): string {
  if (unpacked === undefined) {
    unpacked = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-shipped-"));
    const folder = unpacked;
    process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    const archive = archiveName(version, { os: "linux", arch: process.arch === "arm64" ? "arm64" : "amd64" });
    for (const { name, bytes, mode } of readArchive(fs.readFileSync(path.join(release, archive))))
      fs.writeFileSync(path.join(folder, name), bytes, { mode });
  }
  return unpacked;
}
