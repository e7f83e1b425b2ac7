import type { Facts } from "../derive/facts.ts";
import { ownEntryArn } from "../derive/identity/principal-arn.ts";
import { wholeTexts } from "../eks/aws-auth/aws-auth.ts";
import { changeEntry } from "../eks/aws-auth/aws-auth-edit.ts";
import { type BindingSubject, serviceAccountOf } from "../eks/rbac/service-account.ts";
import { moreGroups, setGroups } from "./access-entry-actions.ts";
import { editAwsAuth, patchAwsAuth } from "./aws-auth-fixes.ts";
import { type Fix, forClusterAdmin } from "./fix.ts";

/**
 * What to bind for a caller: a service account as it is, anyone else by a group. An entry gets a new group, so that no one else
 * gains the permission. An aws-auth line that already has a group stays as it is, because every edit there is a risk. OIDC users
 * cannot be given a group here: without one, the user is bound.
 */
export function subjectToBind(
  { mapping, authorization }: Facts,
  name: string,
): { readonly subject: BindingSubject; readonly isNew: boolean } {
  const { username, groups, isByOidc = false } = authorization ?? {};
  const account = serviceAccountOf(username);
  if (account !== undefined) return { subject: account, isNew: false };
  const had = mapping?.by === "entry" ? undefined : isByOidc ? groups : mapping?.groups;
  const own = had?.find((group) => !group.startsWith("system:"));
  if (own === undefined && isByOidc && username !== undefined)
    return { subject: { kind: "User", name: username }, isNew: false };
  return { subject: { kind: "Group", name: own ?? name }, isNew: own === undefined };
}

/** Adds groups to the caller's mapping, an entry or an aws-auth line, and keeps those that it has: after a fix that binds them. */
export function groupFix(facts: Facts, groups: readonly string[]): Fix {
  return { ...addGroups(facts, groups), completes: true };
}

function addGroups(facts: Facts, groups: readonly string[]): Fix {
  const { mapping } = facts;
  if (mapping?.by === "aws-auth") return awsAuthGroupFix(facts, groups);
  const entry = mapping?.entry ?? { principalArn: ownEntryArn(facts) };
  const all = moreGroups(entry, groups);
  return forClusterAdmin(
    `Set the groups of the access entry to ${all.join(", ")}; this replaces the current list.`,
    ...setGroups(facts.target, entry, all),
  );
}

function awsAuthGroupFix({ evidence, mapping, principal }: Facts, groups: readonly string[]): Fix {
  const by = mapping?.awsAuthMatch?.by;
  const description = `Add ${groups.join(", ")} to the groups of the caller's aws-auth mapping.`;
  if (by !== "mapRoles" && by !== "mapUsers") return editAwsAuth(description);
  const entries = by === "mapRoles" ? mapping?.awsAuth?.roles.entries : mapping?.awsAuth?.users.entries;
  const entry = entries?.findLast(({ arn }) => arn.toLowerCase() === principal?.canonicalArn.toLowerCase());
  const text = wholeTexts(evidence)[by];
  if (entry === undefined || text === undefined) return editAwsAuth(description);
  const all = [...new Set([...entry.groups, ...groups])];
  const changed = changeEntry(text, entry.index, { section: by, groups: all });
  return changed === undefined ? editAwsAuth(description) : patchAwsAuth(description, { [by]: changed });
}
