import { partEntry } from "../evidence/parts.ts";
import type { Pasted, TakenPiece } from "./read-paste.ts";

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
