import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { quoteOf } from "./error-sources.ts";

/** The error of the call; undefined if it worked, or no error was pasted. */
export function saidByCall({ question }: DoctorEvidence): string | undefined {
  const words = question?.stderr?.trim() ?? "";
  return question?.exitCode === 0 || words === "" ? undefined : words;
}

/** A match in a text, with its line for quoting. */
export interface QuotedMatch {
  readonly line: string;
  readonly match: RegExpExecArray;
}

/**
 * Finds a pattern in a text: in the last line that matches, since clients print the plainest message last; otherwise in the whole
 * text, where it may be wrapped, framed or escaped.
 */
export function matchInError(text: string | undefined, pattern: RegExp): QuotedMatch | undefined {
  if (text === undefined) return undefined;
  const line = text.split("\n").findLast((candidate) => pattern.test(candidate));
  const match = line === undefined ? null : pattern.exec(line);
  if (line !== undefined && match !== null) return { line: line.trim(), match };
  return quoteOf([{ by: "call", text }], pattern);
}
