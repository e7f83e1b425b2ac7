import type { DoctorEvidence, EvidencePart } from "../evidence/evidence.ts";

/** A part of the evidence, or an answer that belongs into the list which the part is. */
export interface Found {
  readonly part: EvidencePart;
  readonly value: unknown;
  /** True where it is known that there is more than this. */
  readonly isExcerpt?: boolean;
}

/** What a piece was taken for: parts, a whole bundle, or what is no part of the evidence: `an access key, which nobody needs`. */
export type Recognition =
  | readonly Found[]
  | { readonly bundle: DoctorEvidence }
  | { readonly ignored: string };
