/** The native addons of each target, by the names under which the core loads them. */
import fs from "node:fs";
import path from "node:path";
import type { Platform } from "../platforms.ts";
import { ReleaseError } from "../run.ts";
import { type FetchOptions, fetchPackage } from "../runtimes.ts";

const ROOT = path.resolve(import.meta.dirname, "..", "..");

/** The endings of Node's names in the names of the keyring's packages. */
const ABI: Readonly<Record<Platform["os"], string>> = { linux: "-gnu", darwin: "", windows: "-msvc" };

/** The npm package of the keyring for a target. */
export function keyringPackage({ node, os }: Platform): string {
  return `@napi-rs/keyring-${node}${ABI[os]}`;
}

/**
 * node-hid contains all targets in one package; the keyring is fetched.
 *
 * @throws ReleaseError if one is missing.
 */
export async function addonsOf(platform: Platform, options: FetchOptions): Promise<Record<string, Buffer>> {
  const entries = await fetchPackage(keyringPackage(platform), options);
  const keyring = entries.find(({ name }) => name.endsWith(".node"));
  if (keyring === undefined) throw new ReleaseError(`${keyringPackage(platform)} has no addon in it.`);
  const driver = platform.os === "linux" ? "HID_hidraw" : "HID";
  const hid = path.join(
    ROOT,
    "node_modules/node-hid/prebuilds",
    `${driver}-${platform.node}`,
    "node-napi-v4.node",
  );
  return { "keyring.node": keyring.bytes, "hid.node": fs.readFileSync(hid) };
}
