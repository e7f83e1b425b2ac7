import { accessPolicy } from "../../lab/aws/world.ts";
import { ACCESS_POLICIES } from "../../lab/kube/access-policies.ts";
import type { KubeUser } from "../../lab/kube/authentication/kube-identity.ts";
import { type Attributes, isPath } from "../../lab/kube/authorization/attributes.ts";
import { askPolicies } from "../../lab/kube/authorization/policies.ts";
import { rulesFor } from "../../lab/kube/authorization/rbac.ts";
import { ruleAllows } from "../../lab/kube/authorization/rule-match.ts";
import type { AccessEntry, Cluster } from "../../lab/model.ts";

/** What a grant is measured with: these verbs, on these resources, in these places. */
const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];
const RBAC = "rbac.authorization.k8s.io";
const RESOURCES: readonly (readonly [group: string, resource: string, isWide?: true])[] = [
  ...["pods", "pods/log", "pods/exec", "pods/portforward", "pods/eviction", "pods/ephemeralcontainers"].map(
    core,
  ),
  ...["configmaps", "secrets", "services", "serviceaccounts", "serviceaccounts/token", "events"].map(core),
  ["", "namespaces", true],
  ["", "nodes", true],
  ["", "nodes/proxy", true],
  ["", "persistentvolumes", true],
  ["apps", "deployments"],
  ["apps", "deployments/scale"],
  ["batch", "jobs"],
  ["coordination.k8s.io", "leases"],
  ["metrics.k8s.io", "pods"],
  ["monitoring.coreos.com", "servicemonitors"],
  [RBAC, "roles"],
  [RBAC, "rolebindings"],
  [RBAC, "clusterroles", true],
  [RBAC, "clusterrolebindings", true],
  ["apiextensions.k8s.io", "customresourcedefinitions", true],
  ["certificates.k8s.io", "certificatesigningrequests", true],
];
/** By which somebody gets more than they were given. */
const ESCALATIONS: readonly (readonly [verb: string, group: string, resource: string])[] = [
  ...["bind", "escalate"].flatMap((verb) =>
    ["roles", "clusterroles"].map((resource) => [verb, RBAC, resource] as const),
  ),
  ...["users", "groups", "serviceaccounts"].map((resource) => ["impersonate", "", resource] as const),
];

function core(resource: string): readonly [group: string, resource: string] {
  return ["", resource];
}

/** A namespace that no case has. */
const ELSEWHERE = "elsewhere";

/** The requests of the measure, around one namespace, and the request that was tried. */
export function probesAround(tried: Attributes): readonly Attributes[] {
  const own = isPath(tried) ? "" : tried.namespace;
  const places = [...new Set([own === "" ? "web" : own, ELSEWHERE, ""])];
  const asked = (verb: string, group: string, full: string, namespace: string) => {
    const [resource = "", subresource = ""] = full.split("/");
    return { verb, group, version: "v1", resource, subresource, namespace, name: "" };
  };
  return [
    tried,
    ...RESOURCES.flatMap(([group, resource, isWide]) =>
      (isWide === true ? [""] : places).flatMap((place) =>
        VERBS.map((verb) => asked(verb, group, resource, place)),
      ),
    ),
    ...ESCALATIONS.flatMap(([verb, group, resource]) =>
      places.map((place) => asked(verb, group, resource, place)),
    ),
    ...["/metrics", "/logs/", "/healthz"].map((path) => ({ verb: "get", path })),
  ];
}

/** Which of the probes a user may: `delete pods in web`. */
export function allowedTo(
  user: KubeUser | undefined,
  cluster: Cluster,
  probes: readonly Attributes[],
): ReadonlySet<string> {
  if (user === undefined) return new Set();
  const held = new Map<string, ReturnType<typeof rulesFor>["rules"]>();
  const rulesIn = (namespace: string) => {
    const known = held.get(namespace) ?? rulesFor(cluster, user, namespace).rules;
    held.set(namespace, known);
    return known;
  };
  return new Set(
    probes
      .filter(
        (probe) =>
          rulesIn(isPath(probe) ? "" : probe.namespace).some(({ rule }) => ruleAllows(rule, probe)) ||
          askPolicies(user.entry, probe).allowed,
      )
      .map(sayProbe),
  );
}

export function sayProbe(probe: Attributes): string {
  if (isPath(probe)) return `${probe.verb} ${probe.path}`;
  const { verb, group, resource, subresource, namespace, name } = probe;
  const full = [resource, subresource].filter(Boolean).join("/");
  return `${verb} ${full}${group && `.${group}`}${name && ` ${name}`} ${namespace === "" ? "everywhere" : `in ${namespace}`}`;
}

/** What the smallest access policy that allows a request would allow, where it was tried; undefined if none does. */
export function bySmallestPolicy(
  tried: Attributes,
  probes: readonly Attributes[],
): ReadonlySet<string> | undefined {
  const namespaces = isPath(tried) || tried.namespace === "" ? [] : [tried.namespace];
  const all = Object.keys(ACCESS_POLICIES).map((name) => {
    const entry = { policies: [accessPolicy(name, namespaces)] } as unknown as AccessEntry;
    const allowed = probes.filter((probe) => askPolicies(entry, probe).allowed).map(sayProbe);
    return new Set(allowed);
  });
  return all.filter((allowed) => allowed.has(sayProbe(tried))).toSorted((a, b) => a.size - b.size)[0];
}

/** The same of the ClusterRoles that every cluster has for people. */
export function bySmallestRole(
  tried: Attributes,
  probes: readonly Attributes[],
  cluster: Cluster,
): ReadonlySet<string> | undefined {
  const place = isPath(tried) || tried.namespace === "" ? {} : { namespace: tried.namespace };
  const user = { username: "anybody", groups: [], extra: {} };
  return ["view", "edit", "admin"]
    .map((name) => {
      const roleRef = { kind: "ClusterRole" as const, name };
      const subjects = [{ kind: "User" as const, name: "anybody" }];
      return allowedTo(user, { ...cluster, bindings: [{ name, ...place, roleRef, subjects }] }, probes);
    })
    .find((allowed) => allowed.has(sayProbe(tried)));
}

/** The verbs of reading go together: kubectl uses all three. */
export function byRule(tried: Attributes, probes: readonly Attributes[]): ReadonlySet<string> {
  const READ = ["get", "list", "watch"];
  if (isPath(tried)) return new Set([sayProbe(tried)]);
  const rule = {
    verbs: READ.includes(tried.verb) ? READ : [tried.verb],
    apiGroups: [tried.group],
    resources: [[tried.resource, tried.subresource].filter(Boolean).join("/")],
  };
  const isThere = (probe: Attributes) =>
    !isPath(probe) && (tried.namespace === "" || probe.namespace === tried.namespace);
  return new Set(probes.filter((probe) => isThere(probe) && ruleAllows(rule, probe)).map(sayProbe));
}

/** Somebody else in each group, and under each name, that the cluster knows already. */
export function othersIn(cluster: Cluster, caller: KubeUser | undefined): readonly KubeUser[] {
  const subjects = cluster.bindings.flatMap(({ subjects: all }) => all);
  const groups = new Set([
    ...subjects.flatMap(({ kind, name }) => (kind === "Group" ? [name] : [])),
    ...[...cluster.accessEntries.values()].flatMap(({ kubernetesGroups }) => kubernetesGroups),
    ...(caller?.groups ?? []),
  ]);
  return [...groups]
    .filter((group) => !group.startsWith("system:") || group === "system:authenticated")
    .map((group) => ({ username: "somebody else", groups: [group, "system:authenticated"], extra: {} }));
}

/** All that is written in a cluster by which somebody has rights: of one user, or of anybody. */
export function grantsOf(cluster: Cluster, user?: KubeUser): readonly string[] {
  const entries = user === undefined ? [...cluster.accessEntries.values()] : user.entry ? [user.entry] : [];
  const policies = entries.flatMap(({ policies: all }) =>
    all.map(({ policyArn, accessScope }) => JSON.stringify([policyArn, accessScope])),
  );
  const groups = user?.groups.map((group) => `group ${group}`) ?? [
    ...entries.flatMap(({ kubernetesGroups }) => kubernetesGroups.map((group) => `group ${group}`)),
    ...Object.values(cluster.awsAuth ?? {}).flatMap((text) =>
      [...text.matchAll(/[\w:.-]+/g)].map(([word]) => `group ${word}`),
    ),
  ];
  const rbac = cluster.bindings.map((binding) => JSON.stringify(binding));
  const roles = cluster.roles.map((role) => JSON.stringify(role));
  return ["group system:authenticated", ...groups, ...policies, ...rbac, ...roles];
}
