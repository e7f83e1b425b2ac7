import type { Facts } from "../../derive/facts.ts";

/** The host of the called API server, for texts. */
export function calledHost({ clusterEntry, ownNetwork }: Facts): string {
  return clusterEntry?.host ?? ownNetwork?.host ?? "HOST";
}
