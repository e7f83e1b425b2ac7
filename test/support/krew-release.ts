import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { type ArchiveFile, archiveName } from "../../krew/archive/entry.ts";
import { tarGz } from "../../krew/archive/pack-tar.ts";
import { zip } from "../../krew/archive/pack-zip.ts";
import { manifestText } from "../../krew/manifest.ts";
import { PLATFORMS, type Platform } from "../../krew/platforms.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** A release whose programs are small shell scripts: everything about it is real except what they do. */
export interface FakeRelease {
  /** Text of vouch.yaml. */
  readonly manifest: string;
  /** Archives by file name. */
  readonly archives: ReadonlyMap<string, Buffer>;
}

/** Makes a release of this version, without the `v`. `files` are those of a platform's archive. */
export function fakeRelease(
  version: string,
  files: (platform: Platform) => readonly ArchiveFile[] = (platform) => fakeFiles(version, platform),
): FakeRelease {
  const archives = new Map(
    PLATFORMS.map((platform) => [
      archiveName(version, platform),
      (platform.os === "windows" ? zip : tarGz)(files(platform)),
    ]),
  );
  const sums = new Map([...archives].map(([name, bytes]) => [name, hash("sha256", bytes)]));
  const template = fs.readFileSync(path.join(ROOT, "krew/vouch.template.yaml"), "utf8");
  const homepage = "https://github.com/kubectl-vouch/kubectl-vouch";
  return { manifest: manifestText(template, { version, homepage, sums }), archives };
}

/** The files an archive has, in the order they are shipped in; the program says its version as the real one does. */
export function fakeFiles(version: string, { os }: Pick<Platform, "os">): ArchiveFile[] {
  const script = Buffer.from(`#!/bin/sh\n[ "$1" = version ] && echo "kubectl-vouch ${version}"\n`);
  const notices = [
    { name: "LICENSE", bytes: Buffer.from("Apache-2.0\n"), executable: false },
    { name: "THIRD_PARTY_NOTICES", bytes: Buffer.from("none\n"), executable: false },
  ];
  const page = `.TH "KUBECTL\\-VOUCH" "1" "" "kubectl\\-vouch ${version.replaceAll("-", "\\-")}" "User Commands"\n`;
  return os === "windows"
    ? [{ name: "kubectl-vouch.exe", bytes: script, executable: true }, ...notices]
    : [
        { name: "kubectl-vouch", bytes: script, executable: true },
        { name: "vouch-core", bytes: script, executable: true },
        ...notices,
        { name: "kubectl-vouch.1", bytes: Buffer.from(page), executable: false },
      ];
}

/** Writes a release into a folder, as `npm run release` leaves it. */
export function writeRelease(folder: string, { manifest, archives }: FakeRelease): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "vouch.yaml"), manifest);
  for (const [name, bytes] of archives) fs.writeFileSync(path.join(folder, name), bytes);
}
