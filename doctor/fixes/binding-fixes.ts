import { isEverybody } from "../derive/authorization/authorization.ts";
import { smallestBuiltInRole } from "../derive/authorization/built-in-roles.ts";
import type { ClassifiedDenial } from "../derive/authorization/classified-denial.ts";
import type { BindingVerdict } from "../derive/authorization/rbac.ts";
import { serviceAccountOf } from "../derive/authorization/service-account.ts";
import type { Facts } from "../derive/facts.ts";
import type { AccessRequest } from "../evidence/evidence.ts";
import { callerAlone, isOfSession } from "./caller-alone.ts";
import { type CreateBinding, type Fix, forClusterAdmin } from "./fix.ts";
import { grantTo, policyFix, roleFixes, smallestPolicy } from "./grant-fixes.ts";
import { groupFix, subjectToBind } from "./group-fix.ts";
import { ownGroup } from "./own-group.ts";
import { createBinding, createNamespace, freeBindingName } from "./rbac-actions.ts";
import { sayOthersIn } from "./shared-group.ts";

type Binding = Pick<CreateBinding, "role" | "subject" | "namespace">;

/**
 * Binds the caller in the attempt's namespace: to the role of the binding that nearly matches them, else to the smallest built-in
 * role that has the right, else to a new role.
 */
export function bindingFixes(
  facts: Facts,
  { attempt, authorization: { nearMiss } }: ClassifiedDenial,
): Fix[] {
  const role = nearMiss?.role ?? builtInRole(attempt);
  if (role === undefined) return roleFixes(facts, attempt);
  const namespace = nearMiss === undefined ? attempt.namespace : nearMiss.verdict.namespace;
  if (nearMiss !== undefined && ["kind", "oidc-prefix", "spelling"].includes(nearMiss.miss)) {
    return bindFixes(facts, attempt, { role, subject: nearMiss.meant, namespace });
  }
  const { subject, isNew } = subjectToBind(facts, ownGroup(facts, facts.principal).group);
  const own = nearMiss === undefined && isNew ? groupOfCaller(facts) : undefined;
  if (own !== undefined)
    return bindFixes(facts, attempt, { role, subject: { kind: "Group", name: own }, namespace });
  return isNew
    ? [bindFix(facts, { role, subject, namespace }), groupFix(facts, [subject.name])]
    : bindFixes(facts, attempt, { role, subject, namespace });
}

/**
 * A binding with the right subject; the old binding stays. If that subject is a group or a session, a fix for the caller alone
 * comes first.
 */
export function bindFixes(facts: Facts, attempt: AccessRequest, binding: Binding): Fix[] {
  const { kind, name } = binding.subject;
  const isSession = kind === "User" && isOfSession(facts, name);
  if (kind !== "Group" && !isSession) return [bindFix(facts, binding)];
  const namespace = binding.role.kind === "Role" ? binding.namespace : attempt.namespace;
  const alone = aloneFixes(facts, attempt, { role: binding.role, namespace });
  const wide = bindFix(facts, binding, {
    how: alone.length > 0 ? "Or give" : "Give",
    note: isSession ? "; another session of the role has another name." : `; ${sayOthersIn(facts, name)}.`,
  });
  return [...alone, wide];
}

/**
 * Grants what was tried to the caller and nobody else: by an access policy on their entry, else by their username, or by a new
 * group of their own.
 */
export function aloneFixes(
  facts: Facts,
  attempt: AccessRequest,
  { role, namespace }: Pick<Binding, "role" | "namespace">,
): Fix[] {
  const policy = facts.mapping?.by === "entry" ? smallestPolicy(attempt) : undefined;
  if (policy !== undefined) return [policyFix(facts, namespace === undefined ? {} : { namespace }, policy)];
  const alone = callerAlone(facts);
  if (alone === undefined) return [];
  return [bindFix(facts, { role, subject: alone.subject, namespace }), ...alone.puts];
}

/** Grants what was tried to somebody other than the caller: by the smallest built-in role, else by a new role. */
export function fixesForOther(
  facts: Facts,
  subject: CreateBinding["subject"],
  attempt: AccessRequest,
): Fix[] {
  const role = builtInRole(attempt);
  return role === undefined
    ? [grantTo(facts, subject, attempt)]
    : [bindFix(facts, { role, subject, namespace: attempt.namespace })];
}

interface Words {
  readonly how?: string;
  /** The end of the sentence. */
  readonly note?: string;
}

function bindFix(facts: Facts, binding: Binding, { how = "Give", note = "." }: Words = {}): Fix {
  const { role, subject, namespace } = binding;
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  const name = freeBindingName(
    facts.evidence,
    `vouch-${role.name.replaceAll(/[^A-Za-z0-9.-]/g, "-")}`,
    namespace,
  );
  return forClusterAdmin(
    `${how} ${role.kind} ${role.name} to ${subject.kind} ${subject.name} ${where}${note}`,
    ...createNamespace(facts.evidence, namespace),
    createBinding({ name, ...binding }),
  );
}

/** The caller's subject in a binding, in a form that a command can bind; undefined if the subject is everybody. */
export function bindableSubject(
  { subject }: BindingVerdict,
  username: string | undefined,
): CreateBinding["subject"] | undefined {
  if (isEverybody(subject)) return undefined;
  const [kind, ...name] = subject.split(" ");
  if (kind === "ServiceAccount") return serviceAccountOf(username);
  return kind === "User" || kind === "Group" ? { kind, name: name.join(" ") } : undefined;
}

function builtInRole(attempt: ClassifiedDenial["attempt"]): CreateBinding["role"] | undefined {
  const name = smallestBuiltInRole(attempt);
  return name === undefined ? undefined : { kind: "ClusterRole", name };
}

/** A group of the caller that can be bound as it is. */
function groupOfCaller({ authorization }: Facts): string | undefined {
  return authorization?.groups?.find((group) => !group.startsWith("system:"));
}
