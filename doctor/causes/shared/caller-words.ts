import { aws } from "../../../token/command/command.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** The ARN to look for; undefined if the caller is not known. */
export function callerName(facts: Facts): string | undefined {
  const { principal } = facts;
  return principal && principalArn(facts, principal);
}

export function readsEntries({ authenticationMode }: Facts): boolean {
  return authenticationMode !== "CONFIG_MAP";
}

export function readsAwsAuth({ authenticationMode }: Facts): boolean {
  return authenticationMode !== "API";
}

/** Shows whose credentials the client uses. */
export const WHO_AM_I = aws("sts get-caller-identity");

/** Whether nothing is known about the caller, such as when only the error is available. */
export function isUnknownCaller({ principal, isOtherPrincipal }: Facts): boolean {
  return principal === undefined && !isOtherPrincipal;
}

/** Who the caller is, according to whom: AWS only if it was queried. */
export function describeCaller({ evidence, isOtherPrincipal }: Facts, arn: string): string {
  if (isOtherPrincipal) return `The question is about ${arn}.`;
  return knownValue(evidence.callerIdentity) === undefined
    ? `The cluster identifies the caller as ${arn}.`
    : `AWS identifies the caller as ${arn}.`;
}
