import type { DoctorEvidence, EvidencePart } from "../evidence/evidence.ts";
import { readEvidence } from "../evidence/read-evidence.ts";
import { EvidenceDraft } from "./draft.ts";
import { recognizeFile, recognizeNothing } from "./files.ts";
import type { Found, Recognition } from "./found.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { type Candidate, candidateOf, isFailure, likeliest } from "./question.ts";
import { type Turn, turnsOf } from "./turns.ts";
import { recognizeValue } from "./values.ts";
import { recognizeWords } from "./words.ts";

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

/** Where something stands: the number of its text, from 0, and its lines there. */
type Place = Pick<TakenPiece, "text" | "first" | "last">;

/** A turn, each of its pieces with what it was taken for. */
interface ReadTurn {
  readonly pieces: readonly { readonly place: Place; readonly recognized: Recognition | undefined }[];
  /** What it shows without a piece: that a file is empty. */
  readonly shown: readonly Found[];
  readonly candidate: (Candidate & { readonly places: readonly Place[] }) | undefined;
}

/**
 * A bundle from what people paste: terminals with prompts or without, outputs of `aws` and `kubectl`, files, an error alone, a
 * bundle. Pure. `now` is in milliseconds since 1970. Throws `evidence-invalid` for a bundle with mistakes.
 */
export function readPasted(texts: readonly PastedText[], now: number): Pasted {
  const draft = new EvidenceDraft(now);
  const bundles = texts.flatMap((pasted, text) =>
    isBundle(pasted.text) ? [takenBundle(pasted, text, draft)] : [],
  );
  const turns = texts.flatMap((pasted, text) =>
    isBundle(pasted.text) ? [] : turnsOf(pasted.text).map((turn) => readTurn(turn, { pasted, text, now })),
  );
  const question = likeliest(turns.flatMap(({ candidate }) => candidate ?? []));
  const taken = turns.flatMap(({ pieces, shown, candidate }) => {
    for (const found of shown) draft.add(found);
    return pieces.map(({ place, recognized }) =>
      recognized === undefined
        ? { ...place, ...spoken(place, candidate, question) }
        : { ...place, ...takenIn(recognized, draft) },
    );
  });
  if (question !== undefined) draft.add({ part: "question", value: question.question });
  const all = [...bundles, ...taken].sort((a, b) => a.text - b.text || a.first - b.first);
  return { evidence: draft.finish(), taken: all };
}

function takenBundle(pasted: PastedText, text: number, draft: EvidenceDraft): TakenPiece {
  const bundle = readEvidence(pasted.text);
  draft.begin(bundle);
  const { apiVersion: _1, kind: _2, gatheredAt: _3, ...parts } = bundle;
  const last = pasted.text.trimEnd().split("\n").length;
  return { text, first: 1, last, parts: Object.keys(parts) as EvidencePart[] };
}

function readTurn(
  turn: Turn,
  {
    pasted: { name },
    text,
    now,
  }: { readonly pasted: PastedText; readonly text: number; readonly now: number },
): ReadTurn {
  const { command } = turn;
  const pieces = piecesOf(turn).map((piece) => ({
    piece,
    place: { text, first: piece.first, last: piece.last },
    recognized: recognize(piece, { command, name, now }),
  }));
  const words = pieces.filter(({ piece, recognized }) => piece.form === "text" && recognized === undefined);
  const taken = pieces.filter(({ piece, recognized }) => piece.form === "text" && recognized !== undefined);
  const textOf = (some: typeof pieces) => some.map(({ piece }) => piece.text).join("\n");
  const isAll = words.length === pieces.length;
  const candidate = candidateOf(turn, { words: textOf(words), taken: textOf(taken), isAll });
  return {
    pieces,
    shown: pieces.length === 0 ? recognizeNothing(command) : [],
    candidate: candidate && { ...candidate, places: words.map(({ place }) => place) },
  };
}

function recognize(
  piece: Piece,
  {
    command,
    name,
    now,
  }: { readonly command: string | undefined; readonly name: string | undefined; readonly now: number },
): Recognition | undefined {
  return (
    recognizeFile(piece, { command, name }) ??
    (piece.value === undefined ? undefined : recognizeValue(piece.value, { command, now })) ??
    (piece.form === "text" ? recognizeWords(piece.text, command) : undefined)
  );
}

type Outcome = Pick<TakenPiece, "parts" | "problem">;

function takenIn(recognized: Recognition, draft: EvidenceDraft): Outcome {
  if ("ignored" in recognized) return { parts: [], problem: recognized.ignored };
  const problems = recognized.map((found) => draft.add(found));
  return {
    parts: recognized.filter((_, index) => problems[index] === undefined).map(({ part }) => part),
    problem: problems.find((problem) => problem !== undefined),
  };
}

/** What became of words that nobody took for evidence: they are the question, or another failure, or not known. */
function spoken(place: Place, own: ReadTurn["candidate"], question: Candidate | undefined): Outcome {
  if (own === undefined || !own.places.includes(place)) return { parts: [] };
  if (own === question) return { parts: ["question"] };
  return isFailure(own) ? { parts: [], problem: "another failure is asked about" } : { parts: [] };
}

/** Whether a text means to be a bundle, so that a mistake in it is told: by its kind, or by our version without a kind. */
export function isBundle(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  if (/(?:^|[\s{,"'])kind["']?:[ \t]?["']?DoctorEvidence\b/.test(beginning)) return true;
  return /apiVersion["']?:[ \t]?["']?vouch\.kubectl\//.test(beginning) && !/kind["']?:/.test(beginning);
}

/** Where a bundle says what it is, in characters. */
const BEGINNING = 2000;
