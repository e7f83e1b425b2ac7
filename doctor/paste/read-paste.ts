import type { DoctorEvidence, Question } from "../evidence/evidence.ts";
import { type EvidencePart, partEntry } from "../evidence/parts.ts";
import { clientIn } from "./complaint.ts";
import { EvidenceDraft } from "./draft.ts";
import type { Found, Recognition } from "./found.ts";
import { piecesOf } from "./pieces.ts";
import { plainLines } from "./plain-lines.ts";
import {
  type Candidate,
  clusterOfContext,
  likeliest,
  otherScope,
  scopeOf,
  tellsFailure,
} from "./question.ts";
import { type Place, type ReadTurn, readTurn } from "./read-turn.ts";
import { causeOf } from "./root-failure.ts";
import { type Turn, turnsOf } from "./turns.ts";

/** A text that someone pasted or dropped. */
export interface PastedText {
  /** Name of the file, if it is one. */
  readonly name?: string | undefined;
  readonly text: string;
}

/** What became of a piece of it. */
interface TakenPiece {
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

/**
 * A bundle from what users paste: terminals with prompts or without, outputs of `aws` and `kubectl`, files, an error alone, a
 * bundle. Pure. `now` is in milliseconds since 1970. Throws `evidence-invalid` for an invalid bundle.
 *
 * The order of the turns says nothing, except: of several failures of the same likelihood the last counts; a failure is over after
 * the same command, or the login that it lacked, has worked; of two answers about one thing the first counts; and kubeconfig files
 * count in their order where KUBECONFIG is not shown.
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
  const named = scope.cluster === undefined ? {} : { cluster: scope.cluster };
  if (asked !== undefined) draft.add({ part: "question", value: { ...asked, ...named } });
  const client = clientIn(texts.map(({ text }) => text).join("\n"), question?.question.command);
  if (client !== undefined) draft.add({ part: "client", value: client });
  const { evidence, unused } = draft.finish();
  const pieces = turns.flatMap(({ pieces: own, silent }) => [
    ...(silent === undefined ? [] : [{ ...silent, parts: [], problem: "the command printed nothing" }]),
    ...own.flatMap(({ place, recognized = [] }) => {
      const piece = taken.get(place);
      return piece === undefined || "bundle" in recognized ? (piece ?? []) : withoutUnused(piece, unused);
    }),
  ]);
  return { evidence, taken: pieces };
}

/** A piece without the parts that did not get into the bundle, and why not. */
function withoutUnused(piece: TakenPiece, unused: ReadonlyMap<EvidencePart, string>): TakenPiece {
  const parts = piece.parts.filter((part) => !unused.has(part));
  if (parts.length === piece.parts.length) return piece;
  const [why] = piece.parts.flatMap((part) => unused.get(part) ?? []);
  return { ...piece, parts, problem: piece.problem ?? why };
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
 * What the failed call is about: its context, whom it impersonates, and the cluster that the context is named after, otherwise one that
 * EKS describes, otherwise the first that is named.
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

type Outcome = Pick<TakenPiece, "parts" | "problem">;

function addRecognized(recognized: Recognition, draft: EvidenceDraft): Outcome {
  if ("ignored" in recognized) return { parts: [], problem: recognized.ignored };
  if ("bundle" in recognized) return addBundle(recognized.bundle, draft);
  if ("context" in recognized)
    return { parts: ["kubeconfig"], problem: "it shows only which context is current" };
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
  if (own === failure) return { parts: [], problem: "explained by the diagnosed failure" };
  if (tellsFailure(own)) return { parts: [], problem: "a different failure is diagnosed" };
  const hasWorked = own.likelihood === "a command worked";
  return { parts: [], ...(hasWorked && { problem: "it succeeded, but a failure is diagnosed" }) };
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

/** A command next to the failure that is diagnosed, and what came of it. */
interface OtherRun {
  readonly command: string | undefined;
  readonly candidate: Candidate | undefined;
  /** Whether its output is an answer. */
  readonly hasAnswer: boolean;
}

/** Commands that change who can do what in EKS. Source: AWS CLI Command Reference, eks; eksctl.io, "IAM". */
const CHANGES =
  /^(?:\w+=\S* )*(?:aws\s.*\beks\s+(?:(?:create|update|delete)-access-entry|(?:dis)?associate-access-policy|update-cluster-config)\b|eksctl\s+(?:create|update|delete)\s+(?:accessentry|iamidentitymapping|podidentityassociation)\b)/;

/** What a command says that is not the failure itself: that a fix was tried, or that the same call works in another way. */
function otherRun({ command, candidate, hasAnswer }: OtherRun, failure: Question): Found[] {
  if (command === undefined) return [];
  const { stderr = "", exitCode } = candidate?.question ?? {};
  if (CHANGES.test(command)) {
    if (stderr !== "") return [{ part: "fixAttempts", value: [{ command, stderr }] }];
    return hasAnswer ? [{ part: "fixAttempts", value: [{ command, exitCode: 0 }] }] : [];
  }
  const isOtherWay =
    command !== failure.command && withoutVariables(command) === withoutVariables(failure.command);
  if (failure.exitCode === 0 || exitCode !== 0 || !isOtherWay) return [];
  return [{ part: "otherObservations", value: [{ differs: command, command, exitCode }] }];
}

/** A command without the variables in front of it. */
function withoutVariables(command = ""): string {
  return command.replace(/^(?:\w+=\S* )+/, "");
}

/** The output of one command has no more parts than this. */
const MANY = 4;

/** What a piece was taken for: `a kubeconfig`, `not used: a table or other text; …`, `not recognized`. */
export function takenWords({ parts, problem }: TakenPiece): string {
  if (parts.length > MANY) return `a bundle of ${parts.length} parts`;
  const words = [...new Set(parts)].map((part) => partEntry(part).words);
  if (words.length > 0) return `${words.join(", ")}${problem === undefined ? "" : `; but ${problem}`}`;
  return problem === undefined ? "not recognized" : `not used: ${problem}`;
}

/** `line 7`, `lines 3–25` */
export function placeWords({ first, last }: Pick<TakenPiece, "first" | "last">): string {
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

/** Why there is nothing to judge: the first problem, or that nothing was recognized. */
export function whyNothing({ taken }: Pasted): string {
  const problem = taken.find((piece) => piece.problem !== undefined)?.problem;
  if (problem !== undefined)
    return `Nothing in it can be used: ${problem}${problem.endsWith(".") ? "" : "."}`;
  return "Nothing in it was recognized: it is not a client error, output of aws or kubectl, or an evidence bundle. Paste commands together with their output.";
}
