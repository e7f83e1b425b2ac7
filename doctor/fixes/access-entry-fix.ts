import type { Facts } from "../derive/facts.ts";
import { principalArn } from "../derive/identity/principal-arn.ts";
import { associateClusterWide, createEntry, setMode } from "./access-entry-actions.ts";
import { type Action, type Fix, forClusterAdmin } from "./fix.ts";

/**
 * Lets the caller in by an access entry, which anybody with the EKS API can make, from outside the cluster. In CONFIG_MAP the
 * mode goes one step on first, and cannot go back. Source: doctor/EKS-ACCESS.md, "Authentication mode",
 * "Access entries".
 */
export function accessEntryFix(facts: Facts): Fix {
  const { target, principal } = facts;
  const arn = principal === undefined ? "PRINCIPAL_ARN" : principalArn(facts, principal);
  const isClosed = facts.authenticationMode === "CONFIG_MAP";
  return forClusterAdmin(
    `Or create an access entry, which does not depend on aws-auth${isClosed ? "; the change of mode takes minutes and cannot be undone" : ""}.`,
    ...openToEntries(facts),
    createEntry(target, arn),
    associateClusterWide(target, arn, "AmazonEKSViewPolicy"),
  );
}

/** What a cluster needs before it takes access entries; nothing, unless it is in mode CONFIG_MAP. */
export function openToEntries({
  target,
  authenticationMode,
}: Pick<Facts, "target" | "authenticationMode">): readonly Action[] {
  return authenticationMode === "CONFIG_MAP" ? [setMode(target, "API_AND_CONFIG_MAP")] : [];
}
