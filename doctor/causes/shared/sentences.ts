import type { QuotedMatch } from "../../derive/failure/error-sources.ts";

/** Only those that are sentences. */
export function sentences(...all: readonly (string | false | undefined)[]): string[] {
  return all.filter((sentence) => typeof sentence === "string");
}

/** Quotes the error of the call. */
export function quoteCall(words: QuotedMatch | undefined): string | undefined {
  return words && `The call failed with: “${words.line}”`;
}
