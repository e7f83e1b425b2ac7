import fs from "node:fs";
import { ensurePrivateDirectory } from "../files/private-file.ts";
import { fnv32 } from "../hot/fnv.ts";
import { addMark, findMark, type Mark } from "../hot/mark.ts";
import { markFile, marksFolder } from "../hot/state-files.ts";
import { nodeHost } from "../node-host.ts";
import { lossyText } from "./lossy-text.ts";

/** Files of marks that nobody wrote for so long are swept, in milliseconds. */
const SWEEP_MS = 60_000;

/** Who asked: the key of the question, and the process that ran us. */
export interface MarkPlace {
  readonly state: string;
  readonly key: string;
  readonly parentId: number;
}

/** The mark of the burst that is going on, if any. */
export function recallMark({ state, key, parentId }: MarkPlace, now: number): Mark | undefined {
  return findMark(lossyText(markFile(state, fnv32(key))) ?? "", parentId, now);
}

/**
 * Leaves a mark, and sweeps old ones. Failing to is no failure of the call: the worst is one exchange more.
 *
 * Our lock keeps out other full programs, not the warm path. So the file is written over in place, as there: what others
 * write into it at the same time is not lost with it.
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

/** Where something stands that nobody believes, which the warm path leaves alone, it is replaced. */
function overwrite(file: string, text: string): void {
  const { overwriteFile } = nodeHost(process);
  if (overwriteFile(file, text)) return;
  fs.rmSync(file, { force: true });
  overwriteFile(file, text);
}

/** Removes marks, and told failures, of bursts that are over, but not the file that is about to be written. */
export function sweepMarks(state: string, now: number, kept?: string): void {
  for (const name of fs.readdirSync(marksFolder(state))) {
    const file = `${marksFolder(state)}/${name}`;
    const age = now - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > SWEEP_MS && file !== kept) fs.rmSync(file, { force: true });
  }
}
