import fs from "node:fs";
import {
  type DoctorEvidence,
  isBundle,
  maskedPaste,
  placeWords,
  readEvidence,
  readPasted,
  takenWords,
  whyNothing,
} from "../../doctor/doctor.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { decodedText, utf16Kind } from "../../token/files/encoding.ts";
import { readPlainFile, textOf } from "../../token/files/plain-file.ts";
import { endedBySignals } from "../../token/timers.ts";
import type { App } from "../app.ts";
import { readPipe } from "./read-pipe.ts";

/** Our and the system's names for standard input. */
const STDIN = ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/** Evidence, and whether it was a bundle: one that can be attached to a message. */
export interface ReadBundle {
  readonly evidence: DoctorEvidence;
  readonly isBundle: boolean;
}

/**
 * The evidence in a file, in a pipe that a shell made of `<(…)`, or on standard input: a bundle, or text copied from a terminal.
 * For text it prints what each piece was taken for. Throws `evidence-invalid` for anything else.
 */
export async function readBundle(app: App, file: string): Promise<ReadBundle> {
  const text = await readText(app, file);
  if (text?.trim() === "") throw nothingCame(file);
  if (text !== undefined)
    return isBundle(text)
      ? { evidence: endedBySignals(() => readEvidence(text)), isBundle: true }
      : fromPaste(app, text);
  throw new VouchError("file-unreadable", `${file} not found.`, {
    hint: "Save a case with `kubectl vouch doctor --save FILE`, or write one: https://github.com/kubectl-vouch/kubectl-vouch/blob/main/doctor/EVIDENCE.md",
  });
}

function nothingCame(file: string): VouchError {
  if (!isStream(file))
    return new VouchError("evidence-invalid", `${file} is empty.`, {
      hint: "Save the case again: `kubectl vouch doctor --save FILE`.",
    });
  return new VouchError("evidence-invalid", `${STDIN.includes(file) ? "Standard input" : file} is empty.`, {
    hint: "Redirect a case to it: `kubectl vouch doctor --evidence - < case.json`.",
  });
}

/** Masks the whole text before it is read: a piece cut out of it may no longer be recognizable as part of a secret. */
function fromPaste(app: App, raw: string): ReadBundle {
  const now = app.clock();
  const { lineOf, pasted } = endedBySignals(() => {
    const masked = maskedPaste(raw, now);
    return { lineOf: masked.lineOf, pasted: readPasted([{ text: masked.text }], now) };
  });
  const { evidence, taken } = pasted;
  if (!taken.some(({ parts }) => parts.length > 0))
    throw new VouchError("evidence-invalid", whyNothing(pasted), {
      hint: "Format of a case: https://github.com/kubectl-vouch/kubectl-vouch/blob/main/doctor/EVIDENCE.md",
    });
  const lines = taken.map((piece) => {
    const place = placeWords({ first: lineOf(piece.first), last: lineOf(piece.last) });
    return `  ${place}: ${takenWords(piece)}\n`;
  });
  const isPlain = taken.length === 1 && taken.every(({ parts }) => parts.length > 0);
  if (!isPlain) app.io.err(`The text was interpreted as:\n${lines.join("")}`);
  return { evidence, isBundle: false };
}

/** Whether the input can be neither read again nor attached to a message. */
export function isStream(file: string): boolean {
  return STDIN.includes(file) || isPipe(file);
}

async function readText(app: App, file: string): Promise<string | undefined> {
  if (STDIN.includes(file)) return app.io.readStdin();
  if (isPipe(file)) return readPipe(file, app.signal);
  const found = readPlainFile(file);
  if (found === undefined) return undefined;
  return utf16Kind(found.bytes) === undefined ? textOf(file, found) : decodedText(found.bytes);
}

function isPipe(file: string): boolean {
  try {
    return fs.statSync(file).isFIFO();
  } catch {
    return false;
  }
}
