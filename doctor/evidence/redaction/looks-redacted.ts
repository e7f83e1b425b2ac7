import type { DoctorEvidence } from "../evidence.ts";

/** What only placeholders have: account ids with a small number, and endpoints that begin with letters in order. */
const PLACEHOLDER = /:0{9}\d{3}:|\/\/abcdef0{20}/i;

/** Whether the names in a bundle were replaced by placeholders, which are the same for another user in another bundle. */
export function looksRedacted(evidence: DoctorEvidence): boolean {
  return PLACEHOLDER.test(JSON.stringify(evidence));
}
