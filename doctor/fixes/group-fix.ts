import type { Facts } from "../derive/facts.ts";
import { likelyPrincipal, ownEntryArn } from "../derive/identity/principal-arn.ts";
import { parseAwsAuth, versionOf, wholeTexts } from "../eks/aws-auth/aws-auth.ts";
import { changeEntry } from "../eks/aws-auth/aws-auth-edit.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { type BindingSubject, serviceAccountOf } from "../eks/rbac/service-account.ts";
import { isExcerpt, knownValue } from "../evidence/evidence.ts";
import { moreGroups, setGroups } from "./access-entry-actions.ts";
import { editAwsAuth, patchAwsAuth } from "./aws-auth-fixes.ts";
import { type Fix, forClusterAdmin } from "./fix.ts";
import { freeName, ownGroup } from "./rbac-actions.ts";

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
  return changed === undefined
    ? editAwsAuth(description)
    : patchAwsAuth(description, { [by]: changed }, { resourceVersion: versionOf(evidence) });
}

/** Who else gets what is granted to the caller's group: `role Ops and any other members of the group get it too`. */
export function describeOthersIn(
  { evidence, mapping, principal, authorization }: Facts,
  group: string,
): string {
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const entries = details.map(({ accessEntry }) => accessEntry);
  const awsAuth = parseAwsAuth(evidence.awsAuth);
  const lines = [...(awsAuth?.roles.entries ?? []), ...(awsAuth?.users.entries ?? [])];
  const isIn = ({ kubernetesGroups = [] }: { readonly kubernetesGroups?: readonly string[] }) =>
    kubernetesGroups.includes(group);
  const arns = [
    ...entries.filter(isIn).map(({ principalArn }) => principalArn),
    ...lines.filter(({ groups }) => groups.includes(group)).map(({ arn }) => arn),
  ];
  const own = [mapping?.entry?.principalArn, principal?.canonicalArn].map((arn) => arn?.toLowerCase());
  const names = arns.filter((arn) => !own.includes(arn.toLowerCase())).map(nameOf);
  // A cluster does not know the members of an identity provider's groups.
  const isOfProvider = authorization?.isByOidc === true;
  const isWhole =
    !isOfProvider &&
    isEveryEntryKnown({ evidence }) &&
    awsAuth !== undefined &&
    !isExcerpt(evidence, "awsAuth");
  const others = [...new Set(names), ...(isWhole ? [] : ["any other members of the group"])];
  if (others.length === 0) return "no other access entry or aws-auth mapping has this group";
  const last = others.at(-1) ?? "";
  const all = others.length === 1 ? last : `${others.slice(0, -1).join(", ")} and ${last}`;
  return `${all} ${isWhole && others.length === 1 ? "gets" : "get"} it too`;
}

function isEveryEntryKnown({ evidence }: Pick<Facts, "evidence">): boolean {
  const list = knownValue(evidence.accessEntries);
  const details = knownValue(evidence.accessEntryDetails) ?? [];
  const known = new Set(details.map(({ accessEntry }) => accessEntry.principalArn));
  return list?.accessEntries.every((arn) => known.has(arn)) === true;
}

/** `role Ops` */
function nameOf(arn: string): string {
  const principal = principalOfArn(arn);
  return principal === undefined ? arn : `${principal.kind} ${principal.name}`;
}

/** A subject for a binding that gives a permission to the caller and no one else. */
interface CallerAlone {
  readonly subject: BindingSubject;
  /** What makes the subject apply to the caller: a new group must be added to their mapping. */
  readonly puts: readonly Fix[];
}

/**
 * The user whom the cluster takes the caller for; if that name contains their session's, which the next session does not have, a
 * new group of their own. Undefined: the name is not known, or it is another user's, whom the caller impersonates.
 */
export function callerAlone(facts: Facts): CallerAlone | undefined {
  const { username, impersonated, groups = [] } = facts.authorization ?? {};
  if (username === undefined || impersonated === true || username.startsWith("system:")) return undefined;
  if (!isOfSession(facts, username)) return { subject: { kind: "User", name: username }, puts: [] };
  const { group } = ownGroup(facts, likelyPrincipal(facts));
  const name = freeName(group, [...groups, ...(facts.mapping?.groups ?? [])]);
  return { subject: { kind: "Group", name }, puts: [groupFix(facts, [name])] };
}

/** Whether a username contains the name of the caller's session. */
export function isOfSession(facts: Facts, username: string): boolean {
  const plain = (name: string) => name.replaceAll("@", "-");
  const { sessionName = "" } = likelyPrincipal(facts) ?? {};
  return sessionName !== "" && plain(username).includes(plain(sessionName));
}
