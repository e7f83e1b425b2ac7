import { type DoctorEvidence, failureOf, type Question } from "../evidence/evidence.ts";
import type { EvidencePart } from "../evidence/parts.ts";
import { recognizeAws } from "./aws/answer.ts";
import { clientIn } from "./client.ts";
import { cutRecognition } from "./cut.ts";
import { EvidenceDraft } from "./draft.ts";
import { type Origin, recognizeFile, recognizeNothing } from "./files.ts";
import type { Found, Recognition } from "./found.ts";
import { otherRun } from "./other-runs.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { plainLines } from "./plain-lines.ts";
import { type Candidate, candidateOf, likeliest, tellsFailure } from "./question.ts";
import { causeOf } from "./root-failure.ts";
import { clusterOfContext, otherScope, scopeOf } from "./scope.ts";
import { type Turn, turnsOf } from "./turns.ts";
import { recognizeValue } from "./values.ts";
import { isOfAws, recognizeWords } from "./words.ts";

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
  /** Parts of the evidence that it gave; none: it was not recognized, or is not needed. */
  readonly parts: readonly EvidencePart[];
  /** Why it was not used, or not all of it. */
  readonly problem?: string | undefined;
}

/** A bundle made of pasted texts. */
export interface Pasted {
  readonly evidence: DoctorEvidence;
  readonly taken: readonly TakenPiece[];
}

/** Where something stands: the number of its text, from 0, and its lines there. */
type Place = Pick<TakenPiece, "text" | "first" | "last">;

/** Where a turn comes from: the number of its text, from 0, and the name of the file. `now` is in milliseconds since 1970. */
interface TurnSource {
  readonly text: number;
  readonly name: string | undefined;
  readonly now: number;
}

/** A turn with its pieces, and what each was taken for. */
interface ReadTurn {
  readonly command: string | undefined;
  readonly pieces: readonly { readonly place: Place; readonly recognized: Recognition | undefined }[];
  readonly output: string;
  /** What it shows without having a piece: that a file is empty. */
  readonly shown: readonly Found[];
  readonly candidate: (Candidate & { readonly places: readonly Place[] }) | undefined;
  /** Whether a piece of it is an answer of a program. */
  readonly hasAnswer: boolean;
}

/**
 * A bundle from what people paste: terminals with prompts or without, outputs of `aws` and `kubectl`, files, an error alone, a
 * bundle. Pure. `now` is in milliseconds since 1970. Throws `evidence-invalid` for an invalid bundle.
 */
export function readPasted(texts: readonly PastedText[], now: number): Pasted {
  const draft = new EvidenceDraft(now);
  const turns = texts.flatMap(({ name, text: pasted }, text) =>
    turnsIn(pasted).map((turn) => readTurn(turn, { text, name, now })),
  );
  const failure = likeliest(turns.flatMap(({ candidate }) => candidate ?? []));
  const question = (failure && causeOf(turns, failure)?.candidate) ?? failure;
  const scope = scopeOfCase(turns, question);
  const taken = new Map<Place, TakenPiece>();
  for (const turn of turns.toSorted(byProfile)) {
    const { command, pieces, shown, candidate } = turn;
    for (const found of shown) draft.add(found);
    const problem = otherScope(command, scope);
    const isFailure = candidate !== undefined && candidate === question;
    const beside =
      question === undefined || isFailure || problem !== undefined ? [] : otherRun(turn, question.question);
    for (const found of beside) draft.add(found);
    for (const { place, recognized } of pieces) {
      const known =
        problem === undefined ? recognized && addRecognized(recognized, draft) : { parts: [], problem };
      const outcome =
        recognized === undefined ? unrecognizedOutcome(place, candidate, { question, failure }) : known;
      const told = beside.map(({ part }) => part);
      const words = told.length > 0 && recognized === undefined ? { parts: told } : outcome;
      taken.set(place, { ...place, parts: [], ...words });
    }
  }
  const asked = question && withContext(question.question, turns, draft);
  if (asked !== undefined) draft.add({ part: "question", value: asked });
  const client =
    question?.question.command === undefined ? clientIn(texts.map(({ text }) => text).join("\n")) : undefined;
  if (client !== undefined) draft.add({ part: "client", value: client });
  const pieces = turns.flatMap((turn) => turn.pieces.flatMap(({ place }) => taken.get(place) ?? []));
  return { evidence: draft.finish(), taken: pieces };
}

/** Answers of AWS under a profile that the command names are perhaps not the caller's: those without one come first. */
function byProfile(a: ReadTurn, b: ReadTurn): number {
  return Number(hasProfile(a)) - Number(hasProfile(b));
}

function hasProfile({ command = "" }: ReadTurn): boolean {
  return /^(?:\w+=\S* )*aws\s.*--profile\b|^AWS_PROFILE=\S+ aws\s/.test(command);
}

/** The failed call with the current context, where nothing else tells it: a kubeconfig says more. */
function withContext(question: Question, turns: readonly ReadTurn[], draft: EvidenceDraft): Question {
  const known = turns
    .flatMap(({ pieces }) => pieces)
    .findLast(({ recognized = [] }) => "context" in recognized)?.recognized;
  const isAsked = scopeOf(question.command).context !== undefined || question.command?.startsWith("aws ");
  if (known === undefined || !("context" in known) || isAsked || draft.has("kubeconfig")) return question;
  return { ...question, context: known.context };
}

/** A text of values alone, such as one file, is one turn: what looks like a prompt in it is a comment. */
function turnsIn(text: string): Turn[] {
  const output = plainLines(text);
  const whole: Turn = { command: undefined, output, line: 1 };
  const forms = new Set(piecesOf(whole).map(({ form }) => form));
  return forms.size === 1 && !forms.has("text") ? [whole] : turnsOf(output);
}

/**
 * What the failed call is about: its context, whom it impersonates, and the cluster that the context is named after, else one that
 * EKS describes, else the first that is named.
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

function readTurn(turn: Turn, { text, name, now }: TurnSource): ReadTurn {
  const { command } = turn;
  const all = piecesOf(turn).map((piece) => {
    const recognized = recognize(piece, { command, name }, now);
    const place = { text, first: piece.first, last: piece.last };
    // Cut JSON that is no evidence may be a line of a log.
    const isWords = piece.isCut === true && recognized === undefined;
    return { piece: isWords ? { ...piece, form: "text" as const } : piece, place, recognized };
  });
  const hasAnswered = isOfAws(command) && all.some(({ recognized }) => isAnswer(recognized));
  // A call of AWS that was answered did not fail: what stands below was pasted from elsewhere.
  const pieces = hasAnswered
    ? all.map((one) => (isAnswer(one.recognized) ? one : { ...one, recognized: undefined }))
    : all;
  const ofForm = (forms: readonly Piece["form"][], isRecognized: boolean) =>
    pieces.filter(
      ({ piece, recognized }) => forms.includes(piece.form) && (recognized !== undefined) === isRecognized,
    );
  const words = ofForm(["text"], false);
  const values = ofForm(["json", "yaml"], false);
  const textOf = (some: typeof pieces) => some.map(({ piece }) => piece.text).join("\n");
  const candidate = candidateOf(hasAnswered ? undefined : command, {
    words: textOf(words),
    values: textOf(values),
    recognizedWords: textOf(ofForm(["text"], true)),
    isAll: words.length + values.length === pieces.length,
  });
  return {
    command,
    pieces,
    output: turn.output,
    shown: pieces.length === 0 ? recognizeNothing(command) : [],
    hasAnswer: values.length > 0 || pieces.some(({ recognized }) => Array.isArray(recognized)),
    candidate: candidate && { ...candidate, places: [...words, ...values].map(({ place }) => place) },
  };
}

/** Whether a piece is an answer, and not why there is none. */
function isAnswer(recognized: Recognition | undefined): boolean {
  if (!Array.isArray(recognized)) return false;
  const found: readonly Found[] = recognized;
  return found.some(({ value }) => failureOf(value) === undefined);
}

function recognize(piece: Piece, origin: Origin, now: number): Recognition | undefined {
  const hasValue = piece.form !== "json" || piece.value !== undefined;
  const known = hasValue ? recognizeWhole(piece, origin, now) : undefined;
  // An object that is no answer of AWS to the command is what is left of one.
  const isLeft = known === undefined && piece.form === "json" && isOfAws(origin.command);
  return piece.isCut === true || isLeft ? cutRecognition(known, origin.command) : known;
}

function recognizeWhole(piece: Piece, origin: Origin, now: number): Recognition | undefined {
  return (
    recognizeFile(piece, origin) ??
    recognizeAws({ ...piece, command: origin.command }) ??
    (piece.value === undefined ? undefined : recognizeValue(piece.value, { command: origin.command, now })) ??
    (piece.form === "text" ? recognizeWords(piece.text, origin.command) : undefined)
  );
}

type Outcome = Pick<TakenPiece, "parts" | "problem">;

function addRecognized(recognized: Recognition, draft: EvidenceDraft): Outcome {
  if ("ignored" in recognized) return { parts: [], problem: recognized.ignored };
  if ("bundle" in recognized) return addBundle(recognized.bundle, draft);
  if ("context" in recognized)
    return { parts: ["kubeconfig"], problem: "it says only which context is current" };
  const problems = recognized.map((found) => draft.add(found));
  return {
    parts: recognized.filter((_, index) => problems[index] === undefined).map(({ part }) => part),
    problem: problems.find((problem) => problem !== undefined) ?? recognized.find(({ note }) => note)?.note,
  };
}

function addBundle(bundle: DoctorEvidence, draft: EvidenceDraft): Outcome {
  const problem = draft.begin(bundle);
  const { apiVersion: _1, kind: _2, gatheredAt: _3, ...parts } = bundle;
  return problem === undefined ? { parts: Object.keys(parts) as EvidencePart[] } : { parts: [], problem };
}

/** What became of a piece that was not recognized: it is the question, explained by it, another failure, or not known. */
function unrecognizedOutcome(
  place: Place,
  own: ReadTurn["candidate"],
  { question, failure }: Readonly<Record<"question" | "failure", Candidate | undefined>>,
): Outcome {
  if (own === undefined || !own.places.includes(place)) return { parts: [] };
  if (own === question) return { parts: ["question"] };
  if (own === failure)
    return { parts: [], problem: `explained by the failure of \`${question?.question.command}\`` };
  return tellsFailure(own) ? { parts: [], problem: "another failure is diagnosed" } : { parts: [] };
}

/** Whether a text is meant as a bundle, so that its mistakes are reported: by its kind, or by our apiVersion without a kind. */
export function isBundle(text: string): boolean {
  const beginning = text.slice(0, BEGINNING);
  if (!/^\s*(?:[{#"']|---|apiVersion|kind)/.test(beginning)) return false;
  if (/(?:^|[\s{,"'])kind["']?:[ \t]?["']?DoctorEvidence\b/.test(beginning)) return true;
  return /apiVersion["']?:[ \t]?["']?vouch\.kubectl\//.test(beginning) && !/kind["']?:/.test(beginning);
}

/** A bundle says what it is within so many characters. */
const BEGINNING = 2000;
