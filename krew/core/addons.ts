/** The native addons of each target, by the names under which the core loads them. */
import fs from "node:fs";
import path from "node:path";
import type { Platform } from "../platforms.ts";
import { ReleaseError } from "../run.ts";
import { type FetchOptions, fetchPackage } from "../runtimes.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/**
 * The npm package of the keyring for a target. None for Windows, whose Credential Manager is too small for a session; its addon
 * would also need a runtime that Windows lacks.
 */
export function keyringPackage({ node, os }: Platform): string | undefined {
  return os === "windows" ? undefined : `@napi-rs/keyring-${node}${os === "linux" ? "-gnu" : ""}`;
}

/**
 * node-hid contains all targets in one package, and is not needed on Linux; the keyring is fetched.
 *
 * @throws ReleaseError if one is missing.
 */
export async function addonsOf(platform: Platform, options: FetchOptions): Promise<Record<string, Buffer>> {
  const prebuilds = path.join(ROOT, "node_modules/node-hid/prebuilds");
  const hid = path.join(prebuilds, `HID-${platform.node}`, "node-napi-v4.node");
  const name = keyringPackage(platform);
  return {
    ...(platform.os === "linux" ? {} : { "hid.node": fs.readFileSync(hid) }),
    ...(name === undefined ? {} : { "keyring.node": await fetchedAddon(name, options) }),
  };
}

async function fetchedAddon(name: string, options: FetchOptions): Promise<Buffer> {
  const addon = (await fetchPackage(name, options)).find((entry) => entry.name.endsWith(".node"));
  if (addon === undefined) throw new ReleaseError(`${name} has no addon in it.`);
  return addon.bytes;
}
