import { failureOf } from "../evidence/evidence.ts";
import { type EvidencePart, isListOfAnswers, partEntry } from "../evidence/parts.ts";
import { recognizeAws } from "./aws/answer.ts";
import { type Origin, recognizeFile, recognizeNothing } from "./files.ts";
import { type Found, isFound, type Recognition } from "./found.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { type Candidate, candidateOf, OWN_COMPLAINT } from "./question.ts";
import type { Turn } from "./turns.ts";
import { recognizeValue } from "./values.ts";
import { isCredentialCommand, isOfAws, partOfCommand, recognizeWords } from "./words.ts";

/** Where something stands: the number of its text, from 0, and its lines there. */
export interface Place {
  readonly text: number;
  readonly first: number;
  readonly last: number;
}

/** Where a turn comes from: the number of its text, from 0, and the name of the file. `now` is in milliseconds since 1970. */
interface TurnSource {
  readonly text: number;
  readonly name: string | undefined;
  readonly now: number;
}

/** A turn with its pieces, and what each was taken for. */
export interface ReadTurn {
  readonly command: string | undefined;
  readonly pieces: readonly { readonly place: Place; readonly recognized: Recognition | undefined }[];
  readonly output: string;
  /** Where a command for evidence stands that printed nothing. */
  readonly silent: Place | undefined;
  /** What it shows without having a piece: that a file is empty. */
  readonly shown: readonly Found[];
  readonly candidate: (Candidate & { readonly places: readonly Place[] }) | undefined;
  /** Whether a piece of it is an answer of a program. */
  readonly hasAnswer: boolean;
  /** Whether a piece of it is AWS's answer to whose credentials they are. */
  readonly hasIdentity: boolean;
}

/** Reads what a command printed, and whether it shows a failure. */
export function readTurn(turn: Turn, { text, name, now }: TurnSource): ReadTurn {
  const { command } = turn;
  const all = piecesOf(turn).map((piece) => {
    const recognized = recognize(piece, { command, name }, now);
    const place = { text, first: piece.first, last: piece.last };
    // Cut JSON that is no evidence may be a line of a log.
    const isWords = piece.isCut === true && recognized === undefined;
    return { piece: isWords ? { ...piece, form: "text" as const } : piece, place, recognized };
  });
  const hasAnswered = isAnswered(command, all);
  const pieces = hasAnswered
    ? all.map((one) =>
        one.piece.form !== "text" || isAnswer(one.recognized) ? one : { ...one, recognized: undefined },
      )
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
  const shown = pieces.length === 0 ? recognizeNothing(command) : [];
  const isSilent = pieces.length + shown.length === 0 && partOfCommand(command ?? "") !== undefined;
  return {
    command,
    pieces,
    output: turn.output,
    silent: isSilent ? { text, first: turn.line - 1, last: turn.line - 1 } : undefined,
    shown,
    hasAnswer: values.length > 0 || pieces.some(({ recognized }) => Array.isArray(recognized)),
    hasIdentity: pieces.some(({ recognized }) => isAnswer(recognized, "callerIdentity")),
    candidate: candidate && { ...candidate, places: [...words, ...values].map(({ place }) => place) },
  };
}

/**
 * Whether a command for evidence got its answer, so that the words below were pasted from elsewhere: a call of AWS gets an answer or
 * an error, and kubectl's own errors begin as such.
 */
function isAnswered(
  command = "",
  pieces: readonly { readonly piece: Piece; readonly recognized: Recognition | undefined }[],
): boolean {
  const hasAnswer = pieces.some(({ recognized }) => isAnswer(recognized));
  if (isOfAws(command) || isCredentialCommand(command))
    return hasAnswer || pieces.some(({ piece }) => piece.form === "json");
  const isOwn = ({ piece }: (typeof pieces)[number]) =>
    piece.form === "text" && OWN_COMPLAINT.test(piece.text);
  return hasAnswer && partOfCommand(command) !== undefined && !pieces.some(isOwn);
}

/** Whether a piece is an answer, and not why there is none; with a part, to that. */
function isAnswer(recognized: Recognition | undefined, asked?: EvidencePart): boolean {
  return (
    isFound(recognized) &&
    recognized.some(
      ({ part, value }) =>
        (asked === undefined ? part !== "pluginRun" : part === asked) && failureOf(value) === undefined,
    )
  );
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

/**
 * What can be concluded from JSON with missing lines: only lists and descriptions that are known to be excerpts, so that
 * nothing counts as absent. Undefined where it is no evidence.
 */
function cutRecognition(recognition: Recognition | undefined, command = ""): Recognition | undefined {
  const part =
    recognition === undefined
      ? partOfCommand(command)
      : isFound(recognition)
        ? recognition[0]?.part
        : undefined;
  const again = `paste ${part === undefined ? "it" : partEntry(part).words} again in full`;
  const unread: Recognition = { ignored: `truncated, so it was not read: ${again}` };
  if (recognition === undefined && isCredentialCommand(command))
    return { ignored: "truncated, so it was not read: pipe it into `kubectl vouch token explain -o json`" };
  if (recognition === undefined) return part === undefined ? undefined : unread;
  if (!isFound(recognition)) return recognition;
  const usable = recognition.filter(
    ({ part: name }) => partEntry(name).mayBeExcerpt === true && !isListOfAnswers(name),
  );
  if (usable.length === 0) return unread;
  const note = `it is truncated, so only its complete items were read: ${again}`;
  return usable.map((found) => ({ ...found, isExcerpt: true, note }));
}
