import fs from "node:fs";
import path from "node:path";
import { marksFolder } from "../../token/hot/state-files.ts";
import type { HotCase } from "./hot-case.ts";
import { NOON_TABLE, STATE } from "./hot-cases.ts";

/** A call as a process gets it. */
export interface HotCall {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly now: number;
  readonly parentId: number;
}

/** The path of a file of the table if the table's root is this folder. */
export function onDisk(root: string, file: string): string {
  return path.join(root, file);
}

/**
 * Creates a case's files below a folder, with their modes. A state folder that cannot be written is one without a folder for
 * marks, so that it works for root too.
 */
export function layOut(root: string, hotCase: HotCase, table = NOON_TABLE): HotCall {
  const { files, exposed = [], readOnly, args, env, now, parentId = 0 } = table.situation(hotCase);
  fs.mkdirSync(onDisk(root, readOnly ? STATE : marksFolder(STATE)), { recursive: true, mode: 0o700 });
  for (const [file, text] of Object.entries(files)) {
    const target = onDisk(root, file);
    fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    fs.writeFileSync(target, text);
    fs.chmodSync(target, exposed.includes(file) ? 0o644 : 0o600);
  }
  const home = env["HOME"] ? onDisk(root, env["HOME"]) : (env["HOME"] ?? "");
  const windows = process.platform === "win32" ? { LOCALAPPDATA: path.join(home, ".local/state") } : {};
  return { args, env: { ...windows, ...env, HOME: home }, now, parentId };
}
