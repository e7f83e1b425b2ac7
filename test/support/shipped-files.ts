import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { PLATFORMS, type Platform } from "../../krew/platforms.ts";
import { readArchive } from "./archive/read.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** Our version, as package.json and the archives say. */
export const SHIPPED_VERSION = (
  JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string }
).version;

/** This machine among the platforms. */
export const HERE =
  PLATFORMS.find(({ node }) => node === `${process.platform}-${process.arch}`) ??
  assert.fail("this machine is none of the platforms");

let unpacked: string | undefined;

/** Folder of the release to test; undefined: the sources are tested. */
export function releaseFolder(): string | undefined {
  const folder = process.env["KUBECTL_VOUCH_RELEASE"];
  return folder ? path.resolve(ROOT, folder) : undefined;
}

/** The same for a test that needs a release. */
export function demandedRelease(): string {
  return releaseFolder() ?? assert.fail("KUBECTL_VOUCH_RELEASE must name a folder");
}

/** A folder with what the release has for this machine, unpacked once for this process and removed when it ends. */
export function shippedFiles(release: string): string {
  unpacked ??= unpackShipped(release, HERE);
  return unpacked;
}

/** A test's own copy of a release's files. */
export interface Shipped {
  readonly folder: string;
  readonly launcher: string;
  readonly core: string;
}

/** Unpacks for a test file what the demanded release has for a platform; it is removed when this process ends. */
export function shipped(platform = HERE): Shipped {
  const folder = unpackShipped(demandedRelease(), platform);
  return { folder, launcher: path.join(folder, "kubectl-vouch"), core: path.join(folder, "vouch-core") };
}

/** A folder with what a release has for a platform; it is removed when this process ends. */
export function unpackShipped(release: string, platform: Platform): string {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), "kubectl-vouch-shipped-"));
  process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
  const archive = fs.readFileSync(path.join(release, archiveName(SHIPPED_VERSION, platform)));
  for (const { name, bytes, mode } of readArchive(archive))
    fs.writeFileSync(path.join(folder, name), bytes, { mode });
  return folder;
}
