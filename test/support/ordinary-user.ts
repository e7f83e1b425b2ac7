import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Whom the child becomes when the tests run as root, whom no mode stops. Source: Debian, `nobody` and `nogroup`. */
const ORDINARY_UID = 65534;

/** What is said by a child that is no root, once it has called `becomeOrdinaryUser`. */
export function asOrdinaryUser(
  script: URL,
  args: readonly string[],
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  // Who measures coverage has it written where this child may not write.
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

/** Called by the child, once it has read its modules: the checkout may be closed to others. */
export function becomeOrdinaryUser(): void {
  if (process.getuid?.() !== 0) return;
  process.setgroups?.([]);
  process.setgid?.(ORDINARY_UID);
  process.setuid?.(ORDINARY_UID);
}
