import type { Facts } from "../../derive/facts.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** Who the caller is, and who says so: AWS only if it was asked. */
export function sayCaller({ evidence, isOtherPrincipal }: Facts, arn: string): string {
  if (isOtherPrincipal) return `The question is about ${arn}.`;
  return knownValue(evidence.callerIdentity) === undefined
    ? `The cluster takes the caller for ${arn}.`
    : `AWS says that the caller is ${arn}.`;
}
