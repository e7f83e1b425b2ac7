import fs from "node:fs";
import { lossyText } from "../files/plain-file.ts";
import { ensurePrivateDirectory } from "../files/private-file.ts";
import { fnv32 } from "../hot/fnv.ts";
import { addMark, findMark, type Mark } from "../hot/mark.ts";
import { markFile, marksFolder } from "../hot/state-files.ts";
import { nodeHost } from "../node-host.ts";

/** Files of marks that have not been written for this long are removed, in milliseconds. */
const SWEEP_MS = 60_000;

/** Identifies the caller: the key of the question, and the process that ran us. */
export interface MarkPlace {
  readonly state: string;
  readonly key: string;
  readonly parentId: number;
}

/** The mark of the current burst, if any. */
export function recallMark({ state, key, parentId }: MarkPlace, now: number): Mark | undefined {
  return findMark(lossyText(markFile(state, fnv32(key))) ?? "", parentId, now);
}

/**
 * Leaves a mark, and removes old ones. If that fails, the call does not: the worst is one more exchange.
 *
 * Our lock excludes other full programs, but not the warm path. So the file is overwritten in place, as there: what others write
 * into it at the same time is not lost with it.
 */
export function leaveMark({ state, key, parentId }: MarkPlace, mark: Mark, now: number): void {
  try {
    ensurePrivateDirectory(state);
    ensurePrivateDirectory(marksFolder(state));
    const file = markFile(state, fnv32(key));
    sweepMarks(state, now, file);
    overwrite(file, addMark(lossyText(file) ?? "", parentId, mark));
  } catch {
    return;
  }
}

/** A file that no one trusts, which the warm path leaves alone, is replaced. */
function overwrite(file: string, text: string): void {
  const { overwriteFile } = nodeHost(process);
  if (overwriteFile(file, text)) return;
  fs.rmSync(file, { force: true });
  overwriteFile(file, text);
}

/** Removes marks, and recorded failures, of bursts that are over, but not the file that is about to be written. */
export function sweepMarks(state: string, now: number, kept?: string): void {
  for (const name of fs.readdirSync(marksFolder(state))) {
    const file = `${marksFolder(state)}/${name}`;
    const age = now - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > SWEEP_MS && file !== kept) fs.rmSync(file, { force: true });
  }
}
