import { sentence } from "../../token/command/sentence.ts";
import { associatedWith } from "../derive/authorization/authorization.ts";
import type { Facts } from "../derive/facts.ts";
import { canHaveEntry, entryArn } from "../derive/identity/principal-arn.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import type { AccessEntryJson } from "../evidence/evidence.ts";
import {
  associatePolicy,
  createEntry,
  deleteEntry,
  describeEntry,
  listPolicies,
  setMode,
} from "./access-entry-actions.ts";
import { addPerson, addToAwsAuth, personEntry } from "./aws-auth-fixes.ts";
import { type Action, type Fix, forClusterAdmin } from "./fix.ts";
import { entryMeant } from "./grant-fixes.ts";

/**
 * Maps the caller by an access entry, which anyone with access to the EKS API can create from outside the cluster. In
 * CONFIG_MAP the mode is first advanced by one step, which cannot be undone. Source: doctor/EKS-ACCESS.md, "Authentication mode",
 * "Access entries".
 */
export function accessEntryFix(facts: Facts): Fix {
  const { principal } = facts;
  const arn = principal === undefined ? "PRINCIPAL_ARN" : entryArn(facts, principal);
  const isClosed = facts.authenticationMode === "CONFIG_MAP";
  const entry = principal === undefined || canHaveEntry(principal) ? "an access entry" : ROLE_ENTRY;
  return forClusterAdmin(
    `Or create ${entry}, which does not depend on aws-auth${isClosed ? "; changing the mode takes a few minutes and cannot be undone" : ""}.`,
    ...openToEntries(facts),
    ...entryMeant(facts, arn),
  );
}

/**
 * Maps a principal by an entry. In CONFIG_MAP an aws-auth mapping does it as well, and can be undone: that comes first, with the
 * given group, otherwise with a separate one.
 */
export function byEntryOrLine(facts: Facts, principalArn: string, byEntry: Fix, group?: string): Fix[] {
  if (facts.authenticationMode !== "CONFIG_MAP") return [byEntry];
  const who = principalOfArn(principalArn) ?? { kind: "role", name: "ROLE", canonicalArn: principalArn };
  const how = "Map the caller in aws-auth";
  return [
    group === undefined
      ? addPerson(facts, how, who)
      : addToAwsAuth(facts, `${how}, in group ${group}.`, personEntry(who, group)),
    {
      ...byEntry,
      description: sentence`Or change the authentication mode, which cannot be undone. ${byEntry.description}`,
    },
  ];
}

/** The root user and federated users cannot have an entry. */
const ROLE_ENTRY = "an access entry for a role to use instead";

/** What to do before a cluster accepts access entries; nothing, unless its mode is CONFIG_MAP. */
export function openToEntries({
  target,
  authenticationMode,
}: Pick<Facts, "target" | "authenticationMode">): readonly Action[] {
  return authenticationMode === "CONFIG_MAP" ? [setMode(target, "API_AND_CONFIG_MAP")] : [];
}

/**
 * Deletes an entry and creates it again with its previous permissions, for the same principal or another. Commands that show what is
 * not known about it come first, before anything is deleted.
 */
export function recreateEntry(
  { evidence, target }: Facts,
  entry: AccessEntryJson,
  principalArn: string,
): readonly Action[] {
  const policies = associatedWith(evidence, entry);
  const username = entry.username?.startsWith("arn:") ? undefined : entry.username;
  return [
    ...(entry.kubernetesGroups === undefined ? [describeEntry(target, entry.principalArn)] : []),
    ...(policies === undefined ? [listPolicies(target, entry.principalArn)] : []),
    deleteEntry(target, entry.principalArn),
    createEntry(target, principalArn, { kubernetesGroups: entry.kubernetesGroups, username }),
    ...(policies ?? [UNKNOWN_POLICY]).map((policy) => associatePolicy(target, principalArn, policy)),
  ];
}

/** Placeholder for what the listing shows. */
const UNKNOWN_POLICY = { policyArn: "POLICY_ARN", accessScope: { type: "SCOPE" } };
