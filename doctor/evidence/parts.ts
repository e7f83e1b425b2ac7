import { closed, constant, list, oneOf, optional, text } from "../../token/schema.ts";
import { CLIENT_PARTS } from "./client-parts.ts";
import { CLUSTER_PARTS } from "./cluster-parts.ts";
import type { PartEntry } from "./part.ts";
import { FIX_ATTEMPT, OBSERVATION, QUESTION } from "./schema/told-shapes.ts";

/** Parts that probes gather, or the output of commands. */
const SEEN = { ...CLIENT_PARTS, ...CLUSTER_PARTS } as const;

type Seen = typeof SEEN;

/** A part of which only some items may be known. */
export type ExcerptPart = {
  [K in keyof Seen]: Seen[K] extends { readonly mayBeExcerpt: true } ? K : never;
}[keyof Seen];

const seenParts: readonly (readonly [string, PartEntry])[] = Object.entries(SEEN);
const EXCERPTS = seenParts.flatMap(([name, { mayBeExcerpt }]) => (mayBeExcerpt ? [name as ExcerptPart] : []));

/** Every part of a bundle, in the order in which they are documented. */
const PARTS = {
  question: {
    schema: optional(QUESTION),
    words: "the failure to diagnose",
    source: () => "the command that failed, and its output",
    about: "case",
    isOnlyTold: true,
    merges: "fields",
  },
  otherObservations: {
    schema: optional(list(OBSERVATION)),
    words: "observations from elsewhere",
    source: () => "what happened when the same was done with a different program, machine, profile or user",
    about: "case",
    isOnlyTold: true,
  },
  fixAttempts: {
    schema: optional(list(FIX_ATTEMPT)),
    words: "fixes that were tried",
    source: () => "what was run to fix it, and its output",
    about: "case",
    isOnlyTold: true,
  },
  excerpts: {
    schema: optional(
      list(
        oneOf(
          EXCERPTS,
          "A part of which the bundle contains only an excerpt or the first page: items not in it might exist.",
        ),
      ),
    ),
    words: "which parts are excerpts",
    source: () => "names of the parts below that are only excerpts",
    about: "case",
    isOnlyTold: true,
  },
  ...SEEN,
} as const satisfies Readonly<Record<string, PartEntry>>;

/** A part of a bundle with evidence. */
export type EvidencePart = keyof typeof PARTS;

/** A part that a probe gathers. */
export type ProbedPart = {
  [K in EvidencePart]: (typeof PARTS)[K] extends { readonly isOnlyTold: true } ? never : K;
}[EvidencePart];

/** Everything that is defined about one part. */
export function partEntry(name: EvidencePart): PartEntry {
  return PARTS[name];
}

export const PART_NAMES = Object.keys(PARTS) as EvidencePart[];

/** The fields of a part that its source always prints. */
export function alwaysPrinted(name: string): readonly string[] {
  return Object.hasOwn(PARTS, name) ? (partEntry(name as EvidencePart).always ?? []) : [];
}

/** The parts of which something holds, in the order of the table. */
export function partsWhere(holds: (entry: PartEntry) => boolean): EvidencePart[] {
  return PART_NAMES.filter((name) => holds(partEntry(name)));
}

/** Whether a part is a list of answers, each of which is pasted by itself. */
export function isListOfAnswers(name: EvidencePart): boolean {
  return partEntry(name).schema.optional.anyOf?.some(({ type }) => type === "array") === true;
}

type Schemas = { readonly [K in EvidencePart]: (typeof PARTS)[K]["schema"] };

/** A bundle: what `--evidence` reads and `--save` writes. */
export const EVIDENCE_SCHEMA = closed("Evidence for `kubectl vouch doctor`.", {
  apiVersion: constant("vouch.kubectl/v1", "Version of this format."),
  kind: constant("DoctorEvidence", "Kind of this document."),
  gatheredAt: optional(text("When the evidence was gathered; ages are relative to it. ISO 8601.")),
  ...(Object.fromEntries(PART_NAMES.map((name) => [name, PARTS[name].schema])) as Schemas),
});
