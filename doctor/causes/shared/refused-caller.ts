import { aws } from "../../../token/command/command.ts";
import type { Facts } from "../../derive/facts.ts";
import { principalArn } from "../../derive/identity/principal-arn.ts";

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
