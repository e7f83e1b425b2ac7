import type { DoctorEvidence, EvidencePart } from "../evidence/evidence.ts";
import { EvidenceDraft } from "./draft.ts";
import { recognizeFile, recognizeNothing } from "./files.ts";
import type { Found, Recognition } from "./found.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { plainLines } from "./plain-lines.ts";
import { type Candidate, candidateOf, likeliest, tellsFailure } from "./question.ts";
import { clusterOfContext, otherScope, scopeOf } from "./scope.ts";
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
  readonly command: string | undefined;
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
  const turns = texts.flatMap((pasted, text) =>
    turnsIn(pasted.text).map((turn) => readTurn(turn, { pasted, text, now })),
  );
  const question = likeliest(turns.flatMap(({ candidate }) => candidate ?? []));
  const ofCase = scopeOfCase(turns, question);
  const taken = new Map<Place, TakenPiece>();
  for (const { command, pieces, shown, candidate } of turns.toSorted(byProfile)) {
    for (const found of shown) draft.add(found);
    const problem = otherScope(command, ofCase);
    for (const { place, recognized } of pieces) {
      const known = problem === undefined ? recognized && takenIn(recognized, draft) : { parts: [], problem };
      const outcome = recognized === undefined ? spoken(place, candidate, question) : known;
      taken.set(place, { ...place, parts: [], ...outcome });
    }
  }
  if (question !== undefined) draft.add({ part: "question", value: question.question });
  const pieces = turns.flatMap((turn) => turn.pieces.flatMap(({ place }) => taken.get(place) ?? []));
  return { evidence: draft.finish(), taken: pieces };
}

/** Who asks AWS by a profile of their own choice is perhaps not the caller: what is asked without one comes first. */
function byProfile(a: ReadTurn, b: ReadTurn): number {
  return Number(hasProfile(a)) - Number(hasProfile(b));
}

function hasProfile({ command = "" }: ReadTurn): boolean {
  return /^(?:\w+=\S* )*aws\s.*--profile\b|^AWS_PROFILE=\S+ aws\s/.test(command);
}

/** A text that is one file, or values alone, has no turns: what looks like a prompt in it is a comment. */
function turnsIn(text: string): Turn[] {
  const output = plainLines(text);
  const whole: Turn = { command: undefined, output, line: 1 };
  const forms = new Set(piecesOf(whole).map(({ form }) => form));
  return forms.size === 1 && !forms.has("text") ? [whole] : turnsOf(output);
}

/**
 * What is asked about: the context and the person of the call that failed, and the cluster that its context is called after, else
 * one that EKS describes, else the first that is named.
 */
function scopeOfCase(
  turns: readonly ReadTurn[],
  question: Candidate | undefined,
): ReturnType<typeof scopeOf> {
  const clusterOf = ({ command, pieces }: ReadTurn) => {
    const isDescribed = pieces.some(
      ({ recognized }) => Array.isArray(recognized) && recognized.some(({ part }) => part === "cluster"),
    );
    return { name: scopeOf(command).cluster, isDescribed };
  };
  const named = turns.map(clusterOf).filter(({ name }) => name !== undefined);
  const described = named.find(({ isDescribed }) => isDescribed) ?? named[0];
  const { context, as } = scopeOf(question?.question.command);
  return { context, as, cluster: clusterOfContext(context) ?? described?.name };
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
  const values = pieces.filter(
    ({ piece, recognized }) => ["json", "yaml"].includes(piece.form) && recognized === undefined,
  );
  const textOf = (some: typeof pieces) => some.map(({ piece }) => piece.text).join("\n");
  const isAll = words.length + values.length === pieces.length;
  const said = { words: textOf(words), taken: textOf(taken), values: textOf(values), isAll };
  const candidate = candidateOf(turn, said);
  return {
    command,
    pieces,
    shown: pieces.length === 0 ? recognizeNothing(command) : [],
    candidate: candidate && { ...candidate, places: [...words, ...values].map(({ place }) => place) },
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
  if ("bundle" in recognized) return takenBundle(recognized.bundle, draft);
  const problems = recognized.map((found) => draft.add(found));
  return {
    parts: recognized.filter((_, index) => problems[index] === undefined).map(({ part }) => part),
    problem: problems.find((problem) => problem !== undefined),
  };
}

function takenBundle(bundle: DoctorEvidence, draft: EvidenceDraft): Outcome {
  const problem = draft.begin(bundle);
  const { apiVersion: _1, kind: _2, gatheredAt: _3, ...parts } = bundle;
  return problem === undefined ? { parts: Object.keys(parts) as EvidencePart[] } : { parts: [], problem };
}

/** What became of words that nobody took for evidence: they are the question, or another failure, or not known. */
function spoken(place: Place, own: ReadTurn["candidate"], question: Candidate | undefined): Outcome {
  if (own === undefined || !own.places.includes(place)) return { parts: [] };
  if (own === question) return { parts: ["question"] };
  return tellsFailure(own) ? { parts: [], problem: "another failure is asked about" } : { parts: [] };
}

/** Whether a text means to be a bundle, so that a mistake in it is told: by its kind, or by our version without a kind. */
export function isBundle(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  if (!/^\s*(?:[{#"']|---|apiVersion|kind)/.test(beginning)) return false;
  if (/(?:^|[\s{,"'])kind["']?:[ \t]?["']?DoctorEvidence\b/.test(beginning)) return true;
  return /apiVersion["']?:[ \t]?["']?vouch\.kubectl\//.test(beginning) && !/kind["']?:/.test(beginning);
}

/** Where a bundle says what it is, in characters. */
const BEGINNING = 2000;
