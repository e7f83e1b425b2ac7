import type { DoctorEvidence } from "../evidence/evidence.ts";
import type { EvidencePart } from "../evidence/parts.ts";

/** A part of the evidence; of a part that is a list, some of its items. */
export interface Found {
  readonly part: EvidencePart;
  readonly value: unknown;
  /** True where it is known that there is more than this. */
  readonly isExcerpt?: boolean;
  /** What was left out of it, for users. */
  readonly note?: string;
}

/** What a piece was taken for: parts, a whole bundle, the name of the current context, or what is no part of the evidence: `credentials, which are not needed`. */
export type Recognition =
  | readonly Found[]
  | { readonly bundle: DoctorEvidence }
  | { readonly context: string }
  | { readonly ignored: string };

export function isFound(recognition: Recognition | undefined): recognition is readonly Found[] {
  return Array.isArray(recognition);
}
