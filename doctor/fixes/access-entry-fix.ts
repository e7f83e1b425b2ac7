import { sentence } from "../../token/command/sentence.ts";
import type { Facts } from "../derive/facts.ts";
import { principalOfArn } from "../derive/identity/principal.ts";
import { canHaveEntry, entryArn } from "../derive/identity/principal-arn.ts";
import { setMode } from "./access-entry-actions.ts";
import { addPerson, addToAwsAuth, personEntry } from "./aws-auth-fixes.ts";
import { type Action, type Fix, forClusterAdmin } from "./fix.ts";
import { entryMeant } from "./meant-policy.ts";

/**
 * Lets the caller in by an access entry, which anybody with access to the EKS API can create from outside the cluster. In
 * CONFIG_MAP the mode is first advanced by one step, which cannot be undone. Source: doctor/EKS-ACCESS.md, "Authentication mode",
 * "Access entries".
 */
export function accessEntryFix(facts: Facts): Fix {
  const { principal } = facts;
  const arn = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  const isClosed = facts.authenticationMode === "CONFIG_MAP";
  const entry = principal === undefined || canHaveEntry(principal) ? "an access entry" : ROLE_ENTRY;
  return forClusterAdmin(
    `Or create ${entry}, which does not depend on aws-auth${isClosed ? "; the change of mode takes minutes and cannot be undone" : ""}.`,
    ...openToEntries(facts),
    ...entryMeant(facts, arn),
  );
}

/**
 * Lets somebody in by an entry. In CONFIG_MAP an aws-auth line does it as well, and can be undone: that comes first, with the
 * given group, else with one of their own.
 */
export function byEntryOrLine(facts: Facts, principalArn: string, byEntry: Fix, group?: string): Fix[] {
  if (facts.authenticationMode !== "CONFIG_MAP") return [byEntry];
  const who = principalOfArn(principalArn) ?? { kind: "role", name: "ROLE", canonicalArn: principalArn };
  const how = "Let them in by a line of aws-auth";
  return [
    group === undefined
      ? addPerson(facts, how, who)
      : addToAwsAuth(facts, `${how}, in the group ${group}.`, personEntry(who, group)),
    { ...byEntry, description: sentence`Or change the mode, which cannot be undone. ${byEntry.description}` },
  ];
}

/** Neither root nor a federated user can have an entry. */
const ROLE_ENTRY = "an access entry for a role to call as";

/** What to do before a cluster accepts access entries; nothing, unless its mode is CONFIG_MAP. */
export function openToEntries({
  target,
  authenticationMode,
}: Pick<Facts, "target" | "authenticationMode">): readonly Action[] {
  return authenticationMode === "CONFIG_MAP" ? [setMode(target, "API_AND_CONFIG_MAP")] : [];
}
