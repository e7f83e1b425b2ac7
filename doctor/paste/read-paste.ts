import { asksApiServer, surelyAsksApiServer } from "../derive/client/api-call.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";
import type { DoctorEvidence, EvidencePart, Question } from "../evidence/evidence.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { EvidenceDraft } from "./draft.ts";
import { recognizeFile, recognizeNothing } from "./files.ts";
import type { Recognition } from "./found.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { type Turn, turnsOf } from "./turns.ts";
import { recognizeValue } from "./values.ts";
import { isCredentialCommand, partOfCommand, recognizeWords } from "./words.ts";

/** A text that somebody pasted or dropped. */
export interface PastedText {
  /** Name of the file, if it is one. */
  readonly name?: string | undefined;
  readonly text: string;
}

/** What became of a piece of it. */
export interface TakenPiece {
  /** Number of its text, from 0, and its lines there, from 1. */
  readonly text: number;
  readonly first: number;
  readonly last: number;
  /** Parts of the evidence that it gave; none: nobody knew what it is, or it is not needed. */
  readonly parts: readonly EvidencePart[];
  /** Why nothing was made of it, or not all. */
  readonly problem?: string | undefined;
}

/** A bundle made of pasted texts. */
export interface Pasted {
  readonly evidence: DoctorEvidence;
  readonly taken: readonly TakenPiece[];
}

/** What may be the failure that is asked about. */
interface Candidate {
  readonly question: Question;
  /** The lower, the likelier. */
  readonly rank: number;
  readonly pieces: readonly PlacedPiece[];
}

interface PlacedPiece {
  readonly piece: Piece;
  readonly text: number;
}

/**
 * A bundle from what people paste: terminals with prompts or without, outputs of `aws` and `kubectl`, files, an error alone, a
 * bundle. Pure. `now` is in milliseconds since 1970. Throws `evidence-invalid` for a bundle with mistakes.
 */
export function readPasted(texts: readonly PastedText[], now: number): Pasted {
  const draft = new EvidenceDraft(now);
  const taken: TakenPiece[] = [];
  const candidates: Candidate[] = [];
  for (const [text, pasted] of texts.entries()) {
    if (isBundle(pasted.text)) {
      const bundle = readEvidence(pasted.text);
      draft.begin(bundle);
      taken.push({ text, first: 1, last: lineCount(pasted.text), parts: partsOf(bundle) });
      continue;
    }
    for (const turn of turnsOf(pasted.text)) {
      const unknown: PlacedPiece[] = [];
      const pieces = piecesOf(turn);
      if (pieces.length === 0) recognizeNothing(turn.command)?.forEach((found) => void draft.add(found));
      for (const piece of pieces) {
        const recognized = recognize(piece, { turn, name: pasted.name, now });
        if (recognized === undefined) unknown.push({ piece, text });
        else taken.push(takenPiece({ piece, text }, recognized, draft));
      }
      const words = unknown.filter(({ piece }) => piece.form === "text");
      const candidate = candidateOf(turn, words, pieces.length);
      const left = candidate === undefined ? unknown : unknown.filter((placed) => !words.includes(placed));
      taken.push(...left.map((placed) => ({ ...placeOf(placed), parts: [] })));
      if (candidate !== undefined) candidates.push(candidate);
    }
  }
  taken.push(...chooseQuestion(candidates, draft));
  taken.sort((a, b) => a.text - b.text || a.first - b.first);
  return { evidence: draft.finish(), taken };
}

/** Whether a text means to be a bundle, so that a mistake in it is told: by its kind, or by our version without a kind. */
export function isBundle(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  if (/(?:^|[\s{,"'])kind["']?:[ \t]?["']?DoctorEvidence\b/.test(beginning)) return true;
  return /apiVersion["']?:[ \t]?["']?vouch\.kubectl\//.test(beginning) && !/kind["']?:/.test(beginning);
}

/** Where a bundle says what it is, in characters. */
const BEGINNING = 2000;

function partsOf({ apiVersion: _1, kind: _2, gatheredAt: _3, ...parts }: DoctorEvidence): EvidencePart[] {
  return Object.keys(parts) as EvidencePart[];
}

function lineCount(text: string): number {
  return text.trimEnd().split("\n").length;
}

function recognize(
  piece: Piece,
  {
    turn: { command },
    name,
    now,
  }: { readonly turn: Turn; readonly name: string | undefined; readonly now: number },
): Recognition | undefined {
  return (
    recognizeFile(piece, { command, name }) ??
    (piece.value === undefined ? undefined : recognizeValue(piece.value, { command, now })) ??
    (piece.form === "text" ? recognizeWords(piece.text, command) : undefined)
  );
}

function placeOf({ piece, text }: PlacedPiece): Pick<TakenPiece, "text" | "first" | "last"> {
  return { text, first: piece.first, last: piece.last };
}

function takenPiece(placed: PlacedPiece, recognized: Recognition, draft: EvidenceDraft): TakenPiece {
  if ("ignored" in recognized) return { ...placeOf(placed), parts: [], problem: recognized.ignored };
  const problems = recognized.map((found) => draft.add(found));
  return {
    ...placeOf(placed),
    parts: recognized.filter((_, index) => problems[index] === undefined).map(({ part }) => part),
    problem: problems.find((problem) => problem !== undefined),
  };
}

/** What clients begin their complaints with. */
const COMPLAINT = /^(?:error|Error|ERROR|Unable to|E\d{4} |FATA|fatal|panic|Traceback|│ Error)\b/m;

/** The failure, or the success, that a turn shows. */
function candidateOf(
  { command }: Turn,
  unknown: readonly PlacedPiece[],
  pieces: number,
): Candidate | undefined {
  const stderr = unknown.map(({ piece }) => piece.text).join("\n");
  const kind = stderr === "" ? undefined : symptomInWords(stderr).kind;
  if (command === undefined) {
    if (kind === undefined) return undefined;
    return { question: { stderr }, rank: kind === "other" ? 4 : 1, pieces: unknown };
  }
  if (isCredentialCommand(command)) return undefined;
  const isAboutCluster = asksApiServer(command);
  const isFailure = kind !== undefined && (kind !== "other" || COMPLAINT.test(stderr));
  if (isFailure) {
    const rank = !isAboutCluster ? 3 : partOfCommand(command) === undefined ? 0 : 2;
    return { question: { command, stderr }, rank, pieces: unknown };
  }
  if (unknown.length !== pieces || pieces === 0) return undefined;
  if (surelyAsksApiServer(command))
    return { question: { command, exitCode: 0, stderr: "" }, rank: 5, pieces: unknown };
  return isAboutCluster ? { question: { command, stderr }, rank: 6, pieces: unknown } : undefined;
}

/** The likeliest failure becomes the question; what else was said stays unused. */
function chooseQuestion(candidates: readonly Candidate[], draft: EvidenceDraft): TakenPiece[] {
  const [chosen] = candidates.toSorted((a, b) => a.rank - b.rank);
  if (chosen !== undefined) draft.add({ part: "question", value: chosen.question });
  return candidates.flatMap((candidate) =>
    candidate.pieces.map(
      (placed): TakenPiece => ({
        ...placeOf(placed),
        parts: candidate === chosen ? ["question"] : [],
        ...(candidate === chosen || candidate.rank >= 4 ? {} : { problem: "another failure is asked about" }),
      }),
    ),
  );
}
