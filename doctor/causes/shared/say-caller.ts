import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** Who the caller is, according to whom: AWS only if it was queried. */
export function sayCaller({ evidence, isOtherPrincipal }: Facts, arn: string): string {
  if (isOtherPrincipal) return `The question is about ${arn}.`;
  return knownValue(evidence.callerIdentity) === undefined
    ? `The cluster identifies the caller as ${arn}.`
    : `AWS identifies the caller as ${arn}.`;
}
