import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Whom the child becomes when the tests run as root, whom no mode stops. Source: Debian, `nobody` and `nogroup`. */
export const ORDINARY_UID = 65534;

/** What is said by a child that is no root; files it may use must belong to `ordinaryUid`. */
export function asOrdinaryUser(
  script: string,
  args: readonly string[],
): { status: number | null; stdout: string; stderr: string } {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
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
