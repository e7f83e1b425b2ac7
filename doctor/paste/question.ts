import { asksApiServer, surelyAsksApiServer } from "../derive/client/api-call.ts";
import { symptomInWords } from "../derive/failure/symptom-words.ts";
import { abridged } from "../derive/pasted-text.ts";
import type { Question } from "../evidence/evidence.ts";
import { isComplaint } from "./complaint.ts";
import type { Turn } from "./turns.ts";
import { isCredentialCommand, partOfCommand } from "./words.ts";

/** What may be the failure that is asked about. */
export interface Candidate {
  readonly question: Question;
  readonly likelihood: Likelihood;
}

/** The likeliest first. */
const LIKELIHOODS = [
  "a command failed",
  "somebody quotes a failure",
  "a command for evidence failed",
  "a command that calls no cluster failed",
  "AWS refused evidence",
  "words that nobody knows",
  "a command worked",
  "a command said something",
] as const;
type Likelihood = (typeof LIKELIHOODS)[number];

/** What a turn said: words that nobody took for evidence, those that were, and whether there was anything else. */
export interface Said {
  readonly words: string;
  readonly taken: string;
  readonly isAll: boolean;
}

/** The failure, or the success, that a turn shows; undefined where it shows none. */
export function candidateOf({ command }: Turn, { words: said, taken, isAll }: Said): Candidate | undefined {
  const words = abridged(said);
  if (command === undefined) {
    if (words === "") return undefined;
    const likelihood =
      symptomInWords(words).kind === "other" ? "words that nobody knows" : "somebody quotes a failure";
    return { question: { stderr: words }, likelihood };
  }
  if (isCredentialCommand(command)) return undefined;
  if (symptomInWords(abridged(taken)).kind === "aws-refused")
    return { question: { command, stderr: taken }, likelihood: "AWS refused evidence" };
  if (words !== "" && isComplaint(words))
    return { question: { command, stderr: words }, likelihood: failureOf(command) };
  if (words === "" || !isAll || partOfCommand(command) !== undefined) return undefined;
  if (surelyAsksApiServer(command))
    return { question: { command, exitCode: 0, stderr: "" }, likelihood: "a command worked" };
  if (!asksApiServer(command)) return undefined;
  return { question: { command, stderr: words }, likelihood: "a command said something" };
}

function failureOf(command: string): Likelihood {
  if (!asksApiServer(command)) return "a command that calls no cluster failed";
  return partOfCommand(command) === undefined ? "a command failed" : "a command for evidence failed";
}

/** The first of the likeliest. */
export function likeliest<T extends Candidate>(candidates: readonly T[]): T | undefined {
  const rank = ({ likelihood }: Candidate) => LIKELIHOODS.indexOf(likelihood);
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Whether it is surely a failure, so that it is told when another one is asked about. */
export function isFailure({ likelihood }: Candidate): boolean {
  return likelihood.endsWith("failed") || likelihood === "somebody quotes a failure";
}
