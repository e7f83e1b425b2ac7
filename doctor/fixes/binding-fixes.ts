import { isEverybody } from "../derive/authorization/authorization.ts";
import type { ClassifiedDenial } from "../derive/authorization/denial.ts";
import type { Facts } from "../derive/facts.ts";
import { smallestBuiltInRole } from "../eks/rbac/built-in-roles.ts";
import type { BindingVerdict } from "../eks/rbac/rbac.ts";
import { serviceAccountOf } from "../eks/rbac/service-account.ts";
import type { AccessRequest } from "../evidence/evidence.ts";
import { type CreateBinding, type Fix, forClusterAdmin } from "./fix.ts";
import { grantTo, policyFix, roleFixes, smallestPolicy } from "./grant-fixes.ts";
import { callerAlone, describeOthersIn, groupFix, isOfSession, subjectToBind } from "./group-fix.ts";
import { createBinding, createNamespace, freeBindingName, ownGroup } from "./rbac-actions.ts";

type Binding = Pick<CreateBinding, "role" | "subject" | "namespace">;

/**
 * Grants what was tried, and no more; if a binding was nearly right, its role and reach, for the subject that was meant, are
 * the second way.
 */
export function bindingFixes(
  facts: Facts,
  { attempt, authorization: { nearMiss } }: ClassifiedDenial,
): Fix[] {
  const { subject, isNew } = subjectToBind(facts, ownGroup(facts, facts.principal).group);
  if (nearMiss !== undefined) {
    const { role, meant, miss } = nearMiss;
    const { namespace } = nearMiss.verdict;
    const isNamed = ["kind", "oidc-prefix", "spelling"].includes(miss);
    return bindFixes(
      facts,
      attempt,
      { role, subject: isNamed ? meant : subject, namespace },
      isNew && !isNamed,
    );
  }
  const role = builtInRole(attempt);
  if (role === undefined) return roleFixes(facts, attempt);
  const { namespace } = attempt;
  const own = isNew ? facts.authorization?.groups?.find((group) => !group.startsWith("system:")) : undefined;
  if (own !== undefined)
    return bindFixes(facts, attempt, { role, subject: { kind: "Group", name: own }, namespace });
  return bindFixes(facts, attempt, { role, subject, namespace }, isNew);
}

/**
 * First what was tried, for the caller alone; then the given binding, which may reach further or others. If its group is new,
 * the caller is put into it. The old binding stays.
 */
export function bindFixes(facts: Facts, attempt: AccessRequest, binding: Binding, isNew = false): Fix[] {
  const { kind, name } = binding.subject;
  const isSession = kind === "User" && isOfSession(facts, name);
  const isOthers = (kind === "Group" && !isNew) || isSession;
  const isWider = !isSame(binding.role, builtInRole(attempt)) || binding.namespace !== attempt.namespace;
  const alone =
    isOthers || isWider || policyOnEntry(facts, attempt) !== undefined ? aloneFixes(facts, attempt) : [];
  const note = isSession
    ? "; other sessions of the role have different user names."
    : isOthers
      ? `; ${describeOthersIn(facts, name)}.`
      : ".";
  return [
    ...alone,
    bindFix(facts, binding, { how: alone.length > 0 ? "Or grant" : "Grant", note }),
    ...(isNew ? [groupFix(facts, [name])] : []),
  ];
}

function isSame(one: CreateBinding["role"], other: CreateBinding["role"] | undefined): boolean {
  return one.kind === other?.kind && one.name === other.name;
}

/** A service account has no entry, even where AWS knows the machine that it runs on. */
function policyOnEntry({ mapping, authorization }: Facts, attempt: AccessRequest): string | undefined {
  const isByEntry = mapping?.by === "entry" && serviceAccountOf(authorization?.username) === undefined;
  return isByEntry ? smallestPolicy(attempt) : undefined;
}

/**
 * Grants what was tried to the caller and no one else: by an access policy on their entry, otherwise by their username or service
 * account, or by a new group of their own; to one of these by the smallest built-in role, otherwise by a new role.
 */
export function aloneFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  const policy = policyOnEntry(facts, attempt);
  if (policy !== undefined) return [policyFix(facts, attempt, policy)];
  const account = serviceAccountOf(facts.authorization?.username);
  const { subject, puts } =
    account === undefined ? (callerAlone(facts) ?? {}) : { subject: account, puts: [] };
  return subject === undefined ? [] : [...fixesForOther(facts, subject, attempt), ...(puts ?? [])];
}

/** Grants what was tried to one subject: by the smallest built-in role, otherwise by a new role. */
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

function bindFix(facts: Facts, binding: Binding, { how = "Grant", note = "." }: Words = {}): Fix {
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

/** The caller's subject in a binding, in a form that a command can bind; undefined if the subject is everyone. */
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
