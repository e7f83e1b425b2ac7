import {
  type AccessEntryJson,
  type AccessRequest,
  type DoctorEvidence,
  knownValue,
} from "../../evidence/evidence.ts";
import { isOtherPrincipal } from "../failure/pre-auth-severity.ts";
import type { Symptom } from "../failure/symptom.ts";
import type { Mapping } from "../mapping/mapping.ts";
import { policyName, policyRules } from "./access-policies.ts";
import { answerTo } from "./access-reviews.ts";
import { type BindingNearMiss, type NearMissCase, nearMissOf } from "./binding-near-misses.ts";
import { type BindingVerdict, bindingsIn, judgeBinding, subjectFor } from "./rbac.ts";
import { rulesAllow, rulesTouch } from "./rbac-rule.ts";
import { coversNamespace } from "./scope-glob.ts";

/** What access policies and RBAC say to the attempt. Only allow rules exist; all of them add up. */
export interface Authorization {
  /** `unknown` when a part that could allow it is not known. */
  readonly decision: "allowed" | "denied" | "unknown";
  /** What allows it: `AmazonEKSViewPolicy on namespaces default, team-*`, `RoleBinding team-a/devs to ClusterRole edit`. */
  readonly allowedBy: readonly string[];
  /** Whether the associated policies are known, and what each lacks for the attempt. */
  readonly policies: readonly PolicyVerdict[] | undefined;
  /** Whether RBAC objects are known, and the bindings that concern this user and groups, or nearly do. */
  readonly bindings: readonly BindingVerdict[] | undefined;
  /** The binding that would grant the attempt if its subject were written otherwise. */
  readonly nearMiss: BindingNearMiss | undefined;
  /** The API server's own answer to this very question, where there is one: it overrules what we compute. */
  readonly asked: boolean | undefined;
  /** Whom the cluster takes the caller for, as far as known; groups with `system:authenticated`. */
  readonly username: string | undefined;
  readonly groups: readonly string[] | undefined;
  /** Whether the refusal names somebody else than the caller: by `--as`, or by other credentials. */
  readonly impersonated: boolean;
}

export interface PolicyVerdict {
  readonly name: string;
  readonly scope: "cluster" | readonly string[];
  /** `resource`: nothing at all on it; `unknown`: AWS does not publish what it grants. */
  readonly lacks: "nothing" | "scope" | "resource" | "verb" | "cluster-scope" | "unknown";
}

export interface AuthorizationCase {
  readonly evidence: DoctorEvidence;
  readonly attempt: AccessRequest | undefined;
  readonly mapping: Mapping | undefined;
  readonly symptom: Symptom | undefined;
}

type Who = Pick<Authorization, "username" | "groups" | "impersonated">;

/**
 * Judges an attempt by the entry's access policies and by RBAC, and by what the API server itself has said to it.
 * Undefined without an attempt, or when it is known that the caller is nobody to the cluster.
 *
 * Source: doctor/EKS-ACCESS.md, "Access scope", "Reviews".
 */
export function authorize(asked: AuthorizationCase): Authorization | undefined {
  const { evidence, attempt, mapping } = asked;
  if (attempt === undefined) return undefined;
  const symptom = isOtherPrincipal({ evidence }) ? undefined : asked.symptom;
  if (mapping?.by === "nobody" && symptom?.kind !== "forbidden" && symptom?.kind !== "none") return undefined;
  const who = whoIs(evidence, mapping, symptom);
  const isMaster = !who.impersonated && who.groups?.includes("system:masters") === true;
  const policies = who.impersonated ? undefined : judgePolicies(evidence, mapping, attempt);
  const { bindings, nearMiss } = judgeBindings({ evidence, mapping, attempt, who });
  const answer = answerTo(attempt, { evidence, symptom });
  const allowedBy = [...(isMaster ? ["Group system:masters"] : []), ...grants(policies, bindings)];
  const decision = decide(answer, allowedBy, { policies, bindings });
  return { decision, allowedBy, policies, bindings, nearMiss, asked: answer, ...who };
}

function whoIs(evidence: DoctorEvidence, mapping: Mapping | undefined, symptom: Symptom | undefined): Who {
  const user = isOtherPrincipal({ evidence })
    ? undefined
    : knownValue(evidence.selfSubjectReview)?.status.userInfo;
  const username = user?.username ?? mapping?.username;
  const groups = user?.groups ?? mapping?.groups;
  const named = symptom?.kind === "forbidden" ? symptom.user : undefined;
  return {
    username: username ?? named,
    groups: groups && [...new Set([...groups, "system:authenticated"])],
    impersonated: named !== undefined && username !== undefined && named !== username,
  };
}

/** Undefined when it is not known whether, or through which entry, policies concern the caller. */
function judgePolicies(
  evidence: DoctorEvidence,
  mapping: Mapping | undefined,
  attempt: AccessRequest,
): PolicyVerdict[] | undefined {
  if (mapping?.by === "aws-auth") return [];
  if (mapping?.by !== "entry" || mapping.entry === undefined) return undefined;
  return associatedWith(evidence, mapping.entry)?.map(({ policyArn, accessScope }) => {
    const name = policyName(policyArn);
    const scope = accessScope.type === "cluster" ? "cluster" : (accessScope.namespaces ?? []);
    return { name, scope, lacks: policyLack(name, scope, attempt) };
  });
}

/** The policies of an entry; undefined when nobody could list them. */
export function associatedWith(
  evidence: Pick<DoctorEvidence, "associatedPolicies">,
  { principalArn }: AccessEntryJson,
) {
  const sameArn = (arn: string) => arn.toLowerCase() === principalArn.toLowerCase();
  return knownValue(evidence.associatedPolicies)?.find((answer) => sameArn(answer.principalArn))
    ?.associatedAccessPolicies;
}

/**
 * What a policy lacks for an attempt. A namespace scope never reaches objects without a namespace, lists over all of them,
 * or paths. Source: doctor/EKS-ACCESS.md, "Access scope".
 */
function policyLack(
  name: string,
  scope: PolicyVerdict["scope"],
  attempt: AccessRequest,
): PolicyVerdict["lacks"] {
  const rules = policyRules(name);
  if (rules === undefined) return "unknown";
  if (!rulesTouch(rules, attempt)) return "resource";
  if (!rulesAllow(rules, attempt)) return "verb";
  if (scope === "cluster") return "nothing";
  const { namespace, path } = attempt;
  if (path !== undefined || namespace === undefined) return "cluster-scope";
  return scope.some((pattern) => coversNamespace(pattern, namespace)) ? "nothing" : "scope";
}

/** What Kubernetes binds for all who log in is there to ask who one is, and says nothing of this caller. */
const EVERYBODY = "Group system:authenticated";

/** Nothing when RBAC or the caller's groups are not known, or when somebody else was refused. */
function judgeBindings({
  evidence,
  mapping,
  attempt,
  who,
}: Omit<NearMissCase, "user"> & { readonly who: Who }): Pick<Authorization, "bindings" | "nearMiss"> {
  const items = knownValue(evidence.rbac)?.items;
  const { username, groups, impersonated } = who;
  if (items === undefined || groups === undefined || impersonated)
    return { bindings: undefined, nearMiss: undefined };
  const user = { username: username ?? "", groups };
  const verdicts = bindingsIn(items).flatMap((binding) => {
    const subject = subjectFor(binding, user);
    return subject === undefined ? [] : [judgeBinding(items, binding, { subject, attempt })];
  });
  const nearMiss = nearMissOf({ evidence, mapping, attempt, user });
  // Somebody whose session is not known may be the very user of a binding that looks like another session's.
  if (username === undefined && nearMiss !== undefined) return { bindings: undefined, nearMiss };
  return {
    bindings: [
      ...verdicts.filter(({ subject, lacks }) => subject !== EVERYBODY || lacks === "nothing"),
      ...(nearMiss === undefined ? [] : [nearMiss.verdict]),
    ],
    nearMiss,
  };
}

function grants(policies: Authorization["policies"], bindings: Authorization["bindings"]): string[] {
  const byPolicy = policies?.filter(({ lacks }) => lacks === "nothing") ?? [];
  const byBinding = bindings?.filter(({ lacks }) => lacks === "nothing") ?? [];
  return [
    ...byPolicy.map(({ name, scope }) =>
      scope === "cluster" ? `${name} on the whole cluster` : `${name} on namespaces ${scope.join(", ")}`,
    ),
    ...byBinding.map(({ binding, role }) => `${binding} to ${role}`),
  ];
}

function decide(
  asked: boolean | undefined,
  allowedBy: readonly string[],
  { policies, bindings }: Pick<Authorization, "policies" | "bindings">,
): Authorization["decision"] {
  if (asked !== undefined) return asked ? "allowed" : "denied";
  if (allowedBy.length > 0) return "allowed";
  const isComplete = policies?.every(({ lacks }) => lacks !== "unknown") === true && bindings !== undefined;
  return isComplete ? "denied" : "unknown";
}
