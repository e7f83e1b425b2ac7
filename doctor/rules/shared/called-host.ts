import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** The host of the API server that was called, for texts. */
export function calledHost({ clusterEntry, evidence }: Facts): string {
  return clusterEntry?.host ?? knownValue(evidence.network)?.host ?? "HOST";
}
