import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The user that the child becomes if the tests run as root, which no mode stops. Source: Debian, `nobody` and `nogroup`. */
const ORDINARY_UID = 65534;

/** The output of a child that is not root after it has called `becomeOrdinaryUser`. */
export function asOrdinaryUser(
  script: URL,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  // Coverage would be written where this child may not write.
  const env = { ...process.env, NODE_V8_COVERAGE: "" };
  return spawnSync(process.execPath, [fileURLToPath(script), ...args], { encoding: "utf8", env });
}

/** Gives a folder and all in it to that child. */
export function giveToOrdinaryUser(folder: string): void {
  if (process.getuid?.() !== 0) return;
  fs.chownSync(folder, ORDINARY_UID, ORDINARY_UID);
  for (const name of fs.readdirSync(folder, { recursive: true }).map(String))
    fs.lchownSync(path.join(folder, name), ORDINARY_UID, ORDINARY_UID);
}

/** Called by the child after it has loaded its modules: other users may not be able to read the checkout. */
export function becomeOrdinaryUser(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(ORDINARY_UID);
  process.setuid?.(ORDINARY_UID);
}
