import { associatedWith } from "../derive/authorization/authorization.ts";
import type { Facts } from "../derive/facts.ts";
import type { AccessEntryJson } from "../evidence/evidence.ts";
import {
  associatePolicy,
  createEntry,
  deleteEntry,
  describeEntry,
  listPolicies,
} from "./access-entry-actions.ts";
import type { Action } from "./fix.ts";

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
  const isOwnUsername = entry.username !== undefined && !entry.username.startsWith("arn:");
  return [
    ...(entry.kubernetesGroups === undefined ? [describeEntry(target, entry.principalArn)] : []),
    ...(policies === undefined ? [listPolicies(target, entry.principalArn)] : []),
    deleteEntry(target, entry.principalArn),
    createEntry(target, principalArn, {
      ...(entry.kubernetesGroups === undefined ? {} : { kubernetesGroups: entry.kubernetesGroups }),
      ...(isOwnUsername && entry.username !== undefined ? { username: entry.username } : {}),
    }),
    ...(policies ?? [UNKNOWN_POLICY]).map((policy) => associatePolicy(target, principalArn, policy)),
  ];
}

/** Placeholder for what the listing shows. */
const UNKNOWN_POLICY = { policyArn: "POLICY_ARN", accessScope: { type: "SCOPE" } };
