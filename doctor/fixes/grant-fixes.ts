import { kubectl } from "../../token/command/command.ts";
import { attemptMeant, namespaceMeant } from "../derive/authorization/attempt-of-command.ts";
import { associatedWith, namespaceWords, type PolicyVerdict } from "../derive/authorization/authorization.ts";
import type { Facts } from "../derive/facts.ts";
import { ownEntryArn } from "../derive/identity/principal-arn.ts";
import { principalOfArn } from "../eks/principal/principal.ts";
import { policyName, policyRules } from "../eks/rbac/access-policies.ts";
import { givesAll, RBAC, rulesAllow } from "../eks/rbac/rbac-rule.ts";
import type { AccessRequest } from "../evidence/evidence.ts";
import {
  accessPolicyArn,
  associatePolicy,
  CLUSTER_SCOPE,
  createEntry,
  listPolicies,
} from "./access-entry-actions.ts";
import { type Action, type CreateBinding, documentOf, type Fix, forClusterAdmin } from "./fix.ts";
import { callerAlone, describeOthersIn, groupFix, subjectToBind } from "./group-fix.ts";
import { createNamespace, grantManifest, grantName, ownGroup, type Requests } from "./rbac-actions.ts";

/**
 * From least to most permissions. Without ClusterAdmin and AdminView: they are too much for one missing permission, since they include
 * secrets.
 */
const BY_SIZE = [
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSViewPolicy",
  "AmazonEKSSecretAdminPolicy",
  "AmazonEKSEditPolicy",
  "AmazonEKSAdminPolicy",
];

/**
 * How an attempt can be granted: by the smallest access policy that allows it, with the complete scope; if none allows it, or no
 * entry maps the caller, by a new role.
 */
export function grantFixes(facts: Facts, attempt: AccessRequest): Fix[] {
  const name = smallestPolicy(attempt);
  return name !== undefined && facts.mapping?.by === "entry"
    ? [policyFix(facts, attempt, name)]
    : roleFixes(facts, attempt);
}

/** The smallest access policy that grants an attempt if its scope covers it; undefined if only RBAC can. */
export function smallestPolicy(attempt: AccessRequest): string | undefined {
  if (attempt.group === RBAC && !["get", "list", "watch"].includes(attempt.verb)) return undefined;
  return BY_SIZE.find((name) => rulesAllow(policyRules(name) ?? [], attempt));
}

/**
 * Associates a policy with all the namespaces that it already has, and the new one, since namespaces that are left out would be
 * lost. Source: doctor/EKS-ACCESS.md, "Access scope".
 */
export function policyFix(facts: Facts, { namespace }: Pick<AccessRequest, "namespace">, name: string): Fix {
  const { target } = facts;
  const scope =
    namespace === undefined
      ? CLUSTER_SCOPE
      : { type: "namespace", namespaces: wholeScope(facts, name, namespace) };
  const isPartUnknown = scope.namespaces?.includes(EXISTING) === true;
  const where = scope.namespaces === undefined ? "the whole cluster" : namespaceWords(scope.namespaces);
  return forClusterAdmin(
    `Associate ${name}, scoped to ${where}; this replaces the policy's current scope.`,
    ...(isPartUnknown ? [listPolicies(target, ownEntryArn(facts))] : []),
    associatePolicy(target, ownEntryArn(facts), {
      policyArn: accessPolicyArn(target, name),
      accessScope: scope,
    }),
  );
}

/**
 * Grants requests by a new role and its binding: to the caller's service account, or to a new group of the caller's own;
 * otherwise first to the caller alone (by their username if it stays the same, otherwise by a new group), and then to the group that
 * they share with others.
 */
export function roleFixes(facts: Facts, ...requests: Requests): Fix[] {
  if (requests.some(givesAll)) return [ONLY_ON_PURPOSE];
  const name = grantName(requests[0]);
  const save = saveAs(requests);
  const fix = (description: string, subject: CreateBinding["subject"], actions: readonly Action[] = []) =>
    manifestFix(facts, requests, { description, subject, actions });
  const { subject: toBind, isNew } = subjectToBind(facts, name);
  if (toBind.kind !== "Group") return [grantTo(facts, toBind, ...requests)];
  const group = toBind.name;
  const through = (own: string, puts: readonly Fix[]) =>
    fix(
      `Grant it with RBAC: ${save}, apply it, and add group ${own} to the caller's mapping.`,
      { kind: "Group", name: own },
      puts.flatMap(({ actions = [] }) => actions),
    );
  if (isNew) return [through(group, [groupFix(facts, [group])])];
  const { subject, puts = [] } = callerAlone(facts) ?? {};
  const first =
    subject?.kind === "Group"
      ? [through(subject.name, puts)]
      : subject && [fix(`Grant it to the caller alone with RBAC: ${save}, and apply it.`, subject)];
  const is = `the caller is already in group ${group}`;
  return [
    ...(first ?? []),
    fix(
      `${first === undefined ? "Grant it with RBAC" : "Or grant it to the group"}: ${save}, and apply it; ${is}, and ${describeOthersIn(facts, group)}.`,
      { kind: "Group", name: group },
    ),
  ];
}

/** Without a command, since one that is pasted unread would make anybody who asks for it a cluster admin. */
const ONLY_ON_PURPOSE = forClusterAdmin(
  "Decide whether the caller should be a cluster admin: what was tried allows a user to grant themselves every other permission.",
);

/** Grants requests to one subject by a new role. */
export function grantTo(facts: Facts, subject: CreateBinding["subject"], ...requests: Requests): Fix {
  if (requests.some(givesAll)) return ONLY_ON_PURPOSE;
  return manifestFix(facts, requests, {
    description: `Grant it with RBAC: ${saveAs(requests)}, and apply it.`,
    subject,
    actions: [],
  });
}

function saveAs([first]: Requests): string {
  return `save the manifest as ${grantName(first)}.yaml`;
}

interface Grant {
  readonly description: string;
  readonly subject: CreateBinding["subject"];
  /** Further steps that the grant needs. */
  readonly actions: readonly Action[];
}

function manifestFix(facts: Facts, requests: Requests, { description, subject, actions }: Grant): Fix {
  return forClusterAdmin(
    description,
    ...requests.flatMap(({ namespace }) => createNamespace(facts.evidence, namespace)),
    kubectl("apply", { f: `${grantName(requests[0])}.yaml` }),
    ...actions,
    documentOf(grantManifest(requests, subject)),
  );
}

/** Stands for the namespaces that the policy already has. */
const EXISTING = "EXISTING_NAMESPACES";

function wholeScope({ evidence, mapping }: Facts, name: string, namespace: string): readonly string[] {
  const associated = mapping?.entry && associatedWith(evidence, mapping.entry);
  if (associated === undefined) return [EXISTING, namespace];
  const present = associated.filter(({ policyArn }) => policyName(policyArn) === name);
  const namespaces = present.flatMap(({ accessScope }) => accessScope.namespaces ?? []);
  return [...new Set([...namespaces, namespace])];
}

/** `AmazonEKSViewPolicy on namespaces web, team-*`. */
export function formatPolicy({ name, scope }: PolicyVerdict): string {
  if (scope === "cluster") return `${name} on the whole cluster`;
  return scope.length === 0 ? `${name} on no namespaces` : `${name} on ${namespaceWords(scope)}`;
}

type Meant = Pick<
  Facts,
  "target" | "attempt" | "question" | "context" | "isOtherPrincipal" | "eksCall" | "evidence"
>;

/** What an access entry is to grant. */
interface MeantGrant {
  /** `a policy: AmazonEKSViewPolicy in namespace web, the smallest for what was tried` */
  readonly says: string;
  /** Whether it is a policy to associate; otherwise it is a group of the entry. */
  readonly isPolicy: boolean;
  readonly groups: readonly string[];
  readonly actions: readonly Action[];
}

/**
 * The smallest access policy that allows what was tried, in the namespace where it was tried; if none does, a group that RBAC
 * allows exactly this. The view policy, if it is not known what was tried.
 */
export function meantGrant(facts: Meant, principalArn: string): MeantGrant {
  const { target, isOtherPrincipal, eksCall } = facts;
  const attempt = attemptMeant(facts);
  const name = attempt === undefined ? "AmazonEKSViewPolicy" : smallestPolicy(attempt);
  if (name === undefined) {
    const { group, says, actions } = ownGroup(facts, principalOfArn(principalArn));
    return {
      says: `${says}; no access policy allows what was tried`,
      isPolicy: false,
      groups: [group],
      actions,
    };
  }
  const isForeign = isOtherPrincipal || eksCall?.operation !== undefined;
  const namespace = attempt !== undefined || isForeign ? attempt?.namespace : namespaceMeant(facts);
  const where = namespace === undefined ? "on the whole cluster" : `in namespace ${namespace}`;
  const accessScope =
    namespace === undefined ? CLUSTER_SCOPE : { type: "namespace", namespaces: [namespace] };
  return {
    says: `access policy ${name} ${where}, the smallest ${attempt === undefined ? "one for viewing" : "one that allows what was tried"}`,
    isPolicy: true,
    groups: [],
    actions: [
      associatePolicy(target, principalArn, { policyArn: accessPolicyArn(target, name), accessScope }),
    ],
  };
}

/** Creates an access entry that grants what was tried, and no more. */
export function entryMeant(facts: Meant, principalArn: string, type?: string): readonly Action[] {
  const { groups, actions } = meantGrant(facts, principalArn);
  return [createEntry(facts.target, principalArn, { kubernetesGroups: groups, type }), ...actions];
}

/** `with access policy AmazonEKSViewPolicy in namespace web, …`, or `with group vouch-dev, bound to …` */
export function withMeant(facts: Meant, principalArn: string): string {
  return `with ${meantGrant(facts, principalArn).says}`;
}
