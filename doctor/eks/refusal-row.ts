import { type Attempt, known } from "../evidence.ts";
import { apiResource } from "../facts/api-resources.ts";
import type { Authorization, PolicyVerdict } from "../facts/authorization.ts";
import { associatedWith } from "../facts/authorization.ts";
import { awsDate } from "../facts/aws-date.ts";
import type { Miss } from "../facts/binding-near-misses.ts";
import type { Facts } from "../facts/facts.ts";
import { bindingsIn } from "../facts/rbac.ts";
import { isHelm } from "./helm.ts";
import { nearGlob } from "./near-glob.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

/** The rows of the catalogue that a refusal can be; at most one is named for each. */
type RefusalRow =
  | ("P1" | "P2" | "P3" | "P4" | "P5" | "P10" | "P13" | "T2")
  | ("R1" | "R2" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8" | "R10");

/** A refusal, with the one row that names its reason. */
export interface RowedRefusal extends Refusal {
  readonly row: RefusalRow;
  /** The policies in question, as far as the row is about policies. */
  readonly policies: readonly PolicyVerdict[];
}

const ROW_OF_MISS: Readonly<Record<Miss, RefusalRow>> = {
  "arn-group": "R2",
  session: "R3",
  kind: "R6",
  "oidc-prefix": "R8",
  template: "R10",
  spelling: "R1",
};

/**
 * Why an attempt is refused, in this order: a binding that was plainly meant for it and fails, by its role, its place or its
 * subject; the access policies, by their scope, then by what they contain; groups that nothing binds; a bound role that
 * lacks the rule. Undefined when nothing of this is known, or when there is nothing at all (E5).
 */
export function refusalRow(facts: Facts): RowedRefusal | undefined {
  const refusal = refusalOf(facts);
  if (refusal === undefined) return undefined;
  const { authorization, attempt } = refusal;
  const policies = publishedPolicies(authorization);
  const { bindings, nearMiss } = authorization;
  const here = bindings?.filter(
    ({ namespace }) => namespace === undefined || namespace === attempt.namespace,
  );
  const named = (row: RefusalRow): RowedRefusal => ({ ...refusal, row, policies });

  if (here?.some(({ lacks }) => lacks === "role-missing")) return named("R5");
  if (bindings?.some(({ lacks }) => lacks === "namespace")) return named("R4");
  if (nearMiss !== undefined) return named(ROW_OF_MISS[nearMiss.miss]);
  if (policies.length > 0)
    return authorization.allowedBy.length > 0 ? undefined : named(policyRow(facts, attempt, policies));
  if (authorization.policies?.length !== 0) return undefined;
  if (unboundGroups(facts).length > 0 && bindings?.length === 0) return named("R1");
  if (!here?.some(({ lacks }) => lacks === "rule")) return undefined;
  return named(isHelmNeed(facts, attempt) ? "T2" : "R7");
}

/** The caller's own groups that no binding names. Empty when RBAC or the groups are not known. */
export function unboundGroups({ authorization, evidence }: Facts): string[] {
  const items = known(evidence.rbac)?.items;
  if (items === undefined) return [];
  const bound = new Set(
    bindingsIn(items).flatMap(({ subjects = [] }) =>
      subjects.flatMap(({ kind, name }) => (kind === "Group" ? [name] : [])),
    ),
  );
  return (authorization?.groups ?? []).filter(
    (group) => group !== "system:authenticated" && !bound.has(group),
  );
}

function publishedPolicies({ policies }: Authorization): PolicyVerdict[] {
  return policies?.filter(({ lacks }) => lacks !== "unknown") ?? [];
}

function policyRow(facts: Facts, attempt: Attempt, policies: readonly PolicyVerdict[]): RefusalRow {
  const { resource = "", namespace = "" } = attempt;
  const outOfScope = policies.filter(({ lacks }) => lacks === "scope");
  if (outOfScope.length > 0) {
    if (outOfScope.some(({ scope }) => scope !== "cluster" && nearGlob(scope, namespace) !== undefined))
      return "P2";
    return outOfScope.some((policy) => wasOverwritten(facts, policy)) ? "P10" : "P1";
  }
  if (policies.some(({ lacks }) => lacks === "cluster-scope")) return "P3";
  if (isHelmNeed(facts, attempt)) return "T2";
  if (isCore(attempt) && resource === "secrets") return "P4";
  if (isForTools(facts, attempt)) return "P13";
  if (isCustom(attempt)) return "P5";
  return lacksClusterWide(attempt, policies) ? "P3" : "R7";
}

/** One namespace, and associated again after the first time: what a loop over namespaces leaves behind. */
function wasOverwritten({ evidence, mapping }: Facts, { name, scope }: PolicyVerdict): boolean {
  if (mapping?.entry === undefined || scope === "cluster" || scope.length !== 1) return false;
  const association = associatedWith(evidence, mapping.entry)?.find(({ policyArn }) =>
    policyArn.endsWith(`/${name}`),
  );
  const [first, last] = [awsDate(association?.associatedAt), awsDate(association?.modifiedAt)];
  return first !== undefined && last !== undefined && last > first;
}

/** Helm keeps releases in secrets, and `--create-namespace` creates the namespace even where it is. Source: peers, section 7. */
function isHelmNeed(facts: Facts, attempt: Attempt): boolean {
  return isHelm(facts) && isCore(attempt) && ["secrets", "namespaces"].includes(attempt.resource ?? "");
}

function isCore({ group = "", path }: Attempt): boolean {
  return group === "" && path === undefined;
}

/** What `kubectl top`, `debug`, `drain`, `create token` and leader election need. Source: eks-auth, B4 and P13. */
function isForTools({ evidence }: Facts, { group = "", resource, subresource }: Attempt): boolean {
  if (group === "metrics.k8s.io" || (group === "coordination.k8s.io" && resource === "leases")) return true;
  const command = evidence.question?.command ?? "";
  if (/\bkubectl\b/.test(command) && /\b(?:drain|cordon|uncordon)\b/.test(command)) return true;
  return ["pods/eviction", "pods/ephemeralcontainers", "serviceaccounts/token"].includes(
    `${resource}/${subresource}`,
  );
}

/** API groups that belong to Kubernetes itself. Source: Kubernetes API reference, 1.33. */
const BUILT_IN_GROUP =
  /^(?:|apps|autoscaling|batch|extensions|policy|(?:admissionregistration|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io)$/;

/** Custom resources, and their definitions. */
function isCustom({ group = "", path }: Attempt): boolean {
  return path === undefined && !BUILT_IN_GROUP.test(group);
}

function lacksClusterWide(attempt: Attempt, policies: readonly PolicyVerdict[]): boolean {
  const { resource = "", namespace, path } = attempt;
  if (path !== undefined) return false;
  const belongsToNone = apiResource(resource)?.namespaced === false || namespace === undefined;
  return belongsToNone && (resource === "namespaces" || policies.every(({ lacks }) => lacks === "resource"));
}
