/** A word that may be meant. */
export interface Candidate {
  readonly value: string;
  readonly describe?: string | undefined;
}

/** What can be typed in one place: these words, or the name of a file. */
export type Candidates = readonly Candidate[] | "files";
