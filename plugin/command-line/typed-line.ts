import type { ArrangedWords } from "./arranged-words.ts";

/** A command line, and how the user calls us: `kubectl vouch`. */
export interface TypedLine extends ArrangedWords {
  readonly program: string;
  readonly known: KnownNames;
}

/** Names in the files on this machine, which are not secret. */
export interface KnownNames {
  readonly contexts: readonly string[];
  readonly profiles: readonly string[];
}
