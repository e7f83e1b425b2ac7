import fs from "node:fs";
import { fnv64 } from "../hot/fnv.ts";
import { type Mark, readMark } from "../hot/mark.ts";
import { markFile, marksFolder } from "../hot/state-files.ts";
import { ensurePrivateDirectory, writeFileAtomically } from "../private-file.ts";
import { lossyText } from "./lossy-text.ts";

/** Marks older than this are swept, in milliseconds. */
const SWEEP_MS = 60_000;

/** Who asked: the key of the question, and the process that ran us. */
export interface MarkPlace {
  readonly state: string;
  readonly key: string;
  readonly parentId: number;
}

/** The mark of the burst that is going on, if any. */
export function findMark({ state, key, parentId }: MarkPlace, now: number): Mark | undefined {
  return readMark(lossyText(markFile(state, fnv64(key), parentId)), now);
}

/** Leaves a mark, and sweeps old ones. Failing to is no failure of the call: the worst is one exchange more. */
export function leaveMark({ state, key, parentId }: MarkPlace, mark: Mark): void {
  try {
    ensurePrivateDirectory(state);
    ensurePrivateDirectory(marksFolder(state));
    sweepMarks(state, mark.first);
    writeFileAtomically(markFile(state, fnv64(key), parentId), JSON.stringify(mark));
  } catch {
    return;
  }
}

/** Removes marks, and told failures, of bursts that are over. */
export function sweepMarks(state: string, now: number): void {
  for (const name of fs.readdirSync(marksFolder(state))) {
    const file = `${marksFolder(state)}/${name}`;
    const age = now - (fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now);
    if (age > SWEEP_MS) fs.rmSync(file, { force: true });
  }
}
