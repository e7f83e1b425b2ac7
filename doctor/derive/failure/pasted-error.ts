import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { quoteOf } from "./error-sources.ts";

/** What the call said when it failed; undefined when it worked, or nobody pasted its words. */
export function saidByCall({ question }: DoctorEvidence): string | undefined {
  const words = question?.stderr?.trim() ?? "";
  return question?.exitCode === 0 || words === "" ? undefined : words;
}

/** Words found in a text, with the line they stand in, to quote. */
export interface QuotedMatch {
  readonly line: string;
  readonly match: RegExpExecArray;
}

/**
 * Where words stand in a text: the last line that holds them, for clients end with the plainest one; else wherever they
 * are, broken over lines, framed or escaped.
 */
export function matchInError(text: string | undefined, pattern: RegExp): QuotedMatch | undefined {
  if (text === undefined) return undefined;
  const line = text.split("\n").findLast((candidate) => pattern.test(candidate));
  const match = line === undefined ? null : pattern.exec(line);
  if (line !== undefined && match !== null) return { line: line.trim(), match };
  return quoteOf([{ by: "call", text }], pattern);
}
