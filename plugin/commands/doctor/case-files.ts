import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type DoctorEvidence,
  isBundle,
  looksRedacted,
  maskedPaste,
  placeWords,
  readEvidence,
  readPasted,
  takenWords,
  whyNothing,
} from "../../../doctor/doctor.ts";
import { codeOf, reasonOf, unlessThrown, VouchError } from "../../../token/errors/errors.ts";
import { decodedText, utf16Kind } from "../../../token/files/encoding.ts";
import { readPlainFile, textOf } from "../../../token/files/plain-file.ts";
import { endedBySignals } from "../../../token/timers.ts";
import type { App } from "../../app.ts";

/** A saved case. */
export interface CaseFile {
  readonly file: string;
  readonly evidence: DoctorEvidence;
}

/** A file without a result. */
export interface OtherFile {
  readonly file: string;
  readonly why: string;
}

interface CaseFiles {
  readonly cases: readonly CaseFile[];
  /** Not cases, or specified twice. */
  readonly skipped: OtherFile[];
  /** Cases that cannot be diagnosed. */
  readonly notChecked: OtherFile[];
}

/** False for what cannot be looked at: whoever opens it says why. */
export function isFolder(file: string): boolean {
  return file !== "-" && unlessThrown(() => fs.statSync(file).isDirectory(), false);
}

/** Reads cases from files and folders; what cannot be read keeps no other from being read. Throws `evidence-invalid` if there are none. */
export async function readCases(app: App, given: readonly string[]): Promise<CaseFiles> {
  const skipped: OtherFile[] = [];
  const notChecked: OtherFile[] = [];
  const files = given.flatMap((name) => (isFolder(name) ? jsonFiles(name, { skipped, notChecked }) : [name]));
  const cases: CaseFile[] = [];
  const seen = new Map<string, string>();
  for (const file of files) {
    try {
      const { evidence } = await readBundle(app, file);
      const text = JSON.stringify(evidence);
      const twin = seen.get(text);
      seen.set(text, file);
      if (twin !== undefined) skipped.push({ file, why: `the same case as ${twin}` });
      else if (looksRedacted(evidence)) notChecked.push({ file, why: REDACTED });
      else cases.push({ file, evidence });
    } catch (error) {
      if (!(error instanceof VouchError) || app.signal.aborted) throw error;
      notChecked.push({ file, why: reasonOf(error) });
    }
  }
  if (files.length + notChecked.length > 0) return { cases, skipped, notChecked };
  throw new VouchError(
    "evidence-invalid",
    `No case found in ${given.join(", ")}: no file there ends in .json.`,
    {
      hint: "Save one with `kubectl vouch doctor --save case.json`.",
    },
  );
}

const REDACTED =
  "its names are redacted, so no command can be written for it: ask for one saved without --redact";

/** In the order of their names; others are noted as skipped, and the folder if it cannot be read. */
function jsonFiles(folder: string, { skipped, notChecked }: Omit<CaseFiles, "cases">): string[] {
  let names: string[];
  try {
    names = fs.readdirSync(folder).sort();
  } catch (error) {
    notChecked.push({ file: folder, why: reasonOf(error) });
    return [];
  }
  const isCase = (name: string) => name.endsWith(".json") && !isFolder(path.join(folder, name));
  for (const name of names)
    if (!isCase(name)) skipped.push({ file: path.join(folder, name), why: "not a .json file" });
  return names.filter(isCase).map((name) => path.join(folder, name));
}

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
      ? { evidence: withoutVersion(endedBySignals(() => readEvidence(text))), isBundle: true }
      : fromPaste(app, text);
  throw new VouchError("file-unreadable", `${file} not found.`, {
    hint: "Save a case with `kubectl vouch doctor --save FILE`, or write one: https://github.com/kubectl-vouch/kubectl-vouch/blob/main/doctor/EVIDENCE.md",
  });
}

/** Anyone can write a case: its aws-auth is never the text that a patch replaces, but one to compare when editing. */
function withoutVersion(evidence: DoctorEvidence): DoctorEvidence {
  const { awsAuth } = evidence;
  if (typeof awsAuth !== "object" || awsAuth === null || !("metadata" in awsAuth)) return evidence;
  const { metadata: _, ...rest } = awsAuth;
  return { ...evidence, awsAuth: rest };
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
  // What is not UTF-8 either is refused; a byte order mark is no part of the text.
  if (utf16Kind(found.bytes) === undefined) textOf(file, found);
  return decodedText(found.bytes);
}

function isPipe(file: string): boolean {
  return unlessThrown(() => fs.statSync(file).isFIFO(), false);
}

/** The most that is read from a pipe, in bytes: as much as from a file. */
const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** How often an empty pipe is checked, in milliseconds. */
const STEP_MS = 10;

/** How long to wait for a writer that has not opened the pipe yet, in milliseconds. */
const WRITER_MS = 3000;

const { O_RDONLY, O_NONBLOCK } = fs.constants;

/**
 * Everything written into a named pipe, decoded; empty without a writer. It is opened without blocking: a call that waits for
 * the other end would keep the process from ending. Throws `file-unreadable`; rejects when the signal is aborted.
 */
export async function readPipe(pipe: string, signal: AbortSignal): Promise<string> {
  let handle: number | undefined;
  try {
    handle = fs.openSync(pipe, O_RDONLY | (O_NONBLOCK ?? 0));
    return decodedText(await readAll(handle, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    throw new VouchError("file-unreadable", `${pipe} cannot be read: ${reasonOf(error)}.`, { cause: error });
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}

async function readAll(handle: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let [size, waited] = [0, 0];
  while (true) {
    const chunk = readNow(handle);
    if (chunk?.length === 0) {
      if (size > 0 || waited >= WRITER_MS) return Buffer.concat(chunks);
      waited += STEP_MS;
    }
    size += chunk?.length ?? 0;
    if (size > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    if (chunk !== undefined && chunk.length > 0) chunks.push(chunk);
    else await sleep(STEP_MS, undefined, { signal });
  }
}

/** What is in the pipe: empty at its end or without a writer, undefined if a writer has written nothing yet. */
function readNow(handle: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    return chunk.subarray(0, fs.readSync(handle, chunk));
  } catch (error) {
    if (codeOf(error) === "EAGAIN") return undefined;
    throw error;
  }
}
