import type { DoctorEvidence, Failed } from "../evidence/evidence.ts";
import type { ProbeHost } from "./probe-host.ts";
import type { ProbeSecrets } from "./probe-secrets.ts";

/** A part of the bundle that a probe can gather. */
export type EvidenceKey = Exclude<keyof DoctorEvidence, "apiVersion" | "kind" | "gatheredAt" | "question">;

/** What a probe hands over: the part itself, without the word *failed* (gather says that). */
type Gathered<K extends EvidenceKey> = Exclude<DoctorEvidence[K], Failed | undefined>;

/**
 * Asks the outside world one thing, and never judges. It throws when there is no answer: the reason goes into the bundle.
 * Undefined: there was nothing to ask. It never asks for a touch of the key and never changes anything. Instance metadata is
 * asked only by our own way to credentials, for a profile that names it.
 */
export interface Probe<K extends EvidenceKey = EvidenceKey> {
  readonly gathers: K;
  /** Parts that must have been gathered before; the probe runs whatever became of them. */
  readonly needs?: readonly EvidenceKey[];
  /** Unless said, it uses the network or runs programs: then it is left out with `--offline`. */
  readonly worksOffline?: boolean;
  /** For people, while it runs: `asking STS who you are`. */
  readonly doing: string;
  readonly ask: (asking: Asking) => Promise<Gathered<K> | undefined>;
}

/** What a probe asks with. */
export interface Asking {
  /** What has been gathered so far. */
  readonly evidence: DoctorEvidence;
  readonly host: ProbeHost;
  readonly signal: AbortSignal;
  readonly secrets: ProbeSecrets;
}

/** Keeps the kind of evidence and the answer together. */
export function defineProbe<const K extends EvidenceKey>(probe: Probe<K>): Probe {
  return probe as unknown as Probe;
}
