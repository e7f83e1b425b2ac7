import type { Facts } from "../derive/facts.ts";
import { likelyPrincipal } from "../derive/identity/principal-arn.ts";
import type { BindingSubject } from "../eks/rbac/service-account.ts";
import type { Fix } from "./fix.ts";
import { freeName } from "./free-name.ts";
import { groupFix } from "./group-fix.ts";
import { ownGroup } from "./own-group.ts";

/** A subject for a binding that gives a permission to the caller and no one else. */
export interface CallerAlone {
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
