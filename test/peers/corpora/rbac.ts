import { DEFAULT_RBAC } from "../../../doctor/eks/rbac/default-rbac.ts";
import { selects } from "../../../doctor/eks/rbac/rbac-index.ts";
import type { LabelSelectorJson, RbacObjectJson, RbacRuleJson } from "../../../doctor/evidence/evidence.ts";
import { randomNumbers } from "../../support/mutations.ts";
import type { JudgedCase } from "./judge-rbac.ts";
import { type Choose, questionsOf } from "./rbac-questions.ts";
import { withDefaults } from "./rbac-world.ts";

/** Questions for each cluster. */
const QUESTIONS = 30;

const VERBS = ["get", "list", "watch", "create", "update", "delete", "deletecollection", "impersonate", "*"];
const API_GROUPS = ["", "apps", "batch", "example.com", "metrics.k8s.io", "*"];
const RESOURCES = [
  ...["pods", "pods/log", "pods/exec", "pods/*", "*/log", "*/scale", "*/*", "*"],
  ...["deployments", "deployments/scale", "nodes", "secrets", "widgets", "serviceaccounts/token"],
];
const NAMES = ["a", "b", "", "*"];
const URLS = [
  ...["/metrics", "/metrics/*", "/healthz*", "/foo**", "/a*b", "/logs/*", "/logs/*/x*", "/", "/*", "*", "**"],
  ...["/api", "/version", ""],
];
const NAMESPACES = ["web", "ops", "default"];
const AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
const LABELS: Readonly<Record<string, readonly string[]>> = {
  tier: ["gold", "silver", ""],
  team: ["x", "y"],
  [`${AGGREGATE}view`]: ["true", "false"],
  [`${AGGREGATE}edit`]: ["true"],
  [`${AGGREGATE}admin`]: ["true"],
};
const CLUSTER_ROLES = ["a", "b", "c", "d", "e", "f", "g"];
const BOUND_DEFAULTS = [
  ...["view", "edit", "admin", "view", "edit", "admin", "cluster-admin", "system:auth-delegator"],
  ...["system:discovery", "system:kube-dns", "system:node", "system:monitoring", "system:aggregate-to-view"],
];
const SUBJECTS: NonNullable<RbacObjectJson["subjects"]> = [
  { kind: "User", name: "ada", apiGroup: "rbac.authorization.k8s.io" },
  { kind: "User", name: "ada", apiGroup: "example.com" },
  { kind: "User", name: "Ada" },
  { kind: "User", name: 'o"brien' },
  { kind: "User", name: "" },
  { kind: "User", name: "devs" },
  { kind: "User", name: "*" },
  { kind: "User", name: "system:serviceaccount:web:robot" },
  { kind: "Group", name: "devs" },
  { kind: "Group", name: "devs", apiGroup: "" },
  { kind: "Group", name: "DEVS" },
  { kind: "Group", name: "ada" },
  { kind: "Group", name: "système" },
  { kind: "Group", name: "system:authenticated" },
  { kind: "Group", name: "system:unauthenticated" },
  { kind: "Group", name: "system:serviceaccounts" },
  { kind: "Group", name: "system:serviceaccounts:web" },
  { kind: "ServiceAccount", name: "robot", namespace: "web" },
  { kind: "ServiceAccount", name: "robot", namespace: "ops" },
  { kind: "ServiceAccount", name: "robot", namespace: "" },
  { kind: "ServiceAccount", name: "robot" },
  { kind: "ServiceAccount", name: "system:serviceaccount:web:robot", namespace: "web" },
  { kind: "user", name: "ada" },
  { kind: "Robot", name: "robot", namespace: "web" },
];

export interface RbacCase extends JudgedCase {
  /** What a person would type to show it; undefined where no person can: a default role was deleted. */
  readonly typed: readonly RbacObjectJson[] | undefined;
}

/** A cluster with roles, bindings and questions; the same for the same seed. One of three has lost defaults. */
export function rbacCase(seed: number): RbacCase {
  const below = randomNumbers(seed);
  const choose: Choose = {
    one: (list) => list[below(list.length)] as (typeof list)[number],
    some: (list, most) => Array.from({ length: 1 + below(most) }, () => choose.one(list)),
    chance: (percent) => below(100) < percent,
  };
  const own = [...withoutRaces(clusterRoles(choose)), ...roles(choose), ...bindings(choose)];
  const hasDefaults = seed % 3 !== 0;
  const objects = hasDefaults ? own : withDefaults(own).filter((object) => keeps(choose, object));
  const all = hasDefaults ? withDefaults(own) : objects;
  const questions = Array.from({ length: QUESTIONS }, () => questionsOf(choose, all));
  return { objects, defaults: hasDefaults, questions, typed: hasDefaults ? own : undefined };
}

function keeps(choose: Choose, { kind, metadata }: RbacObjectJson): boolean {
  if (kind !== "ClusterRole" && kind !== "ClusterRoleBinding") return true;
  const isKnown = DEFAULT_RBAC.some(
    (object) => object.kind === kind && object.metadata.name === metadata.name,
  );
  return !isKnown || !choose.chance(/^(?:view|edit|admin)$/.test(metadata.name) ? 35 : 10);
}

function clusterRoles(choose: Choose): RbacObjectJson[] {
  const replaced = choose.chance(25)
    ? [choose.one(["view", "edit", "admin", "system:aggregate-to-view"])]
    : [];
  return [...CLUSTER_ROLES, ...replaced].map((name) => {
    const isAggregated = choose.chance(40);
    const rules = choose.some([0], 3).map(() => ruleOf(choose, "ClusterRole"));
    return {
      kind: "ClusterRole",
      metadata: { name, ...(choose.chance(65) && { labels: labels(choose) }) },
      ...(isAggregated && { aggregationRule: { clusterRoleSelectors: selectors(choose) } }),
      ...(isAggregated && choose.chance(60) ? choose.one([{}, { rules: null }, { rules: [] }]) : { rules }),
    };
  });
}

function labels(choose: Choose): Record<string, string> {
  const keys = choose.some(Object.keys(LABELS), 2);
  return Object.fromEntries(keys.map((key) => [key, choose.one(LABELS[key] ?? [])]));
}

function selectors(choose: Choose): LabelSelectorJson[] {
  return choose.some([0], 2).map(() => {
    if (choose.chance(4)) return {};
    const isByLabels = choose.chance(60);
    return {
      ...(isByLabels && { matchLabels: labels(choose) }),
      ...((!isByLabels || choose.chance(30)) && {
        matchExpressions: choose.some([0], 2).map(() => expression(choose)),
      }),
    };
  });
}

function expression(choose: Choose) {
  const key = choose.one(Object.keys(LABELS));
  const operator = choose.one(["In", "In", "In", "NotIn", "Exists", "Exists", "DoesNotExist"]);
  return operator.endsWith("In")
    ? { key, operator, values: choose.some([...(LABELS[key] ?? []), "other"], 2) }
    : { key, operator };
}

/**
 * Takes away the rules beside an aggregationRule that a circle of roles takes in: there the controller's order decides, and
 * rules that it has overwritten may go round for ever.
 */
function withoutRaces(own: readonly RbacObjectJson[]): RbacObjectJson[] {
  const all = withDefaults(own).filter(({ kind }) => kind === "ClusterRole");
  const taken = (role: RbacObjectJson) =>
    all.filter((other) => other !== role && isTaken(role.aggregationRule, other));
  const reachedFrom = (role: RbacObjectJson) => {
    const reached = new Set(taken(role));
    for (const other of reached) for (const next of taken(other)) reached.add(next);
    return reached;
  };
  const inCircles = all
    .map((role) => ({ role, reached: reachedFrom(role) }))
    .filter(({ role, reached }) => reached.has(role));
  return own.map((role) => {
    const { rules: _rules, ...rest } = role;
    const isRace = role.aggregationRule !== undefined && inCircles.some(({ reached }) => reached.has(role));
    return isRace ? rest : role;
  });
}

function isTaken(rule: RbacObjectJson["aggregationRule"], { metadata }: RbacObjectJson): boolean {
  return rule?.clusterRoleSelectors?.some((one) => selects(one, metadata.labels ?? {})) ?? false;
}

function ruleOf(choose: Choose, kind: "ClusterRole" | "Role"): RbacRuleJson {
  const verbs = choose.some(VERBS, 3);
  if (kind === "ClusterRole" && choose.chance(25)) return { verbs, nonResourceURLs: choose.some(URLS, 2) };
  return {
    verbs,
    apiGroups: choose.some(API_GROUPS, 2),
    resources: choose.some(RESOURCES, 3),
    ...(choose.chance(25) && { resourceNames: choose.some(NAMES, 2) }),
  };
}

/** Some have the name of a ClusterRole. */
function roles(choose: Choose): RbacObjectJson[] {
  return NAMESPACES.flatMap((namespace) =>
    ["a", "view", "r"].map((name) => ({
      kind: "Role",
      metadata: { name, namespace },
      rules: choose.some([0], 2).map(() => ruleOf(choose, "Role")),
    })),
  );
}

function bindings(choose: Choose): RbacObjectJson[] {
  const clusterRole = () => ({
    kind: "ClusterRole",
    name: choose.chance(8) ? "gone" : choose.one(choose.chance(55) ? CLUSTER_ROLES : BOUND_DEFAULTS),
  });
  const role = () => ({ kind: "Role", name: choose.one(["a", "view", "r", "r", "b", 'go"ne']) });
  const subjects = () => (choose.chance(4) ? {} : { subjects: choose.some(SUBJECTS, 4) });
  return [
    ...["1", "2", "3", "4"].map((name) => ({
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: choose.chance(4) ? role() : clusterRole(),
      ...subjects(),
    })),
    ...NAMESPACES.flatMap((namespace) =>
      ["1", "2", "3"].map((name) => ({
        kind: "RoleBinding",
        metadata: { name, namespace },
        roleRef: choose.chance(50) ? role() : clusterRole(),
        ...subjects(),
      })),
    ),
  ];
}
