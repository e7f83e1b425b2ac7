import { stringify } from "yaml";
import { emptyWorld } from "../../lab/aws/empty-world.ts";
import { accessPolicy, addCluster, addEntry } from "../../lab/aws/world.ts";
import { type KubeUser, kubeIdentity } from "../../lab/kube/authentication/kube-identity.ts";
import { accessEntryMapper, awsAuthMapper } from "../../lab/kube/authentication/mappers.ts";
import type { Attributes } from "../../lab/kube/authorization/attributes.ts";
import type { Cluster, RbacBinding, RbacRole, RbacSubject } from "../../lab/model.ts";
import { randomNumbers } from "../../support/mutations.ts";
import { ACCOUNT, ROLE_ARN } from "./bundle.ts";
import { USER_ARN } from "./mapping-faults.ts";

/** How somebody is known to a cluster. */
export type Caller = "entry" | "aws-auth-role" | "aws-auth-user" | "service-account" | "oidc";

/** A cluster of the lab, somebody whom it knows, and what they try. */
export interface AskedCluster {
  readonly caller: Caller;
  readonly cluster: Cluster;
  readonly attempt: Attributes;
}

export const SERVICE_ACCOUNT = { name: "deployer", namespace: "shop" } as const;
const ACCOUNT_NAME = `system:serviceaccount:${SERVICE_ACCOUNT.namespace}:${SERVICE_ACCOUNT.name}`;
const OIDC_NAME = "https://id.example.com#ada";
const PRINCIPALS = { role: "AROAEXAMPLEEXAMPLE123", user: "AIDAEXAMPLEEXAMPLE123" } as const;

/** Whom the cluster takes them for. */
export function userOf({ caller, cluster }: Pick<AskedCluster, "caller" | "cluster">): KubeUser {
  switch (caller) {
    case "service-account":
      return known(ACCOUNT_NAME, [
        "system:serviceaccounts",
        `system:serviceaccounts:${SERVICE_ACCOUNT.namespace}`,
      ]);
    case "oidc":
      return known(OIDC_NAME, cluster.tags?.["groups"]?.split(" ").filter(Boolean) ?? []);
    default: {
      const isUser = caller === "aws-auth-user";
      const session = isUser ? "" : "ada@example.com";
      const identity = {
        arn: isUser ? USER_ARN : `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/${session}`,
        canonicalArn: isUser ? USER_ARN : ROLE_ARN,
        accountId: ACCOUNT,
        userId: isUser ? PRINCIPALS.user : PRINCIPALS.role,
        sessionName: session,
        accessKeyId: "ASIAEXAMPLEEXAMPLE12",
      };
      const mappers = [
        accessEntryMapper(cluster.accessEntries.values()),
        awsAuthMapper(cluster.awsAuth ?? {}),
      ];
      return kubeIdentity(identity, cluster.authenticationMode === "CONFIG_MAP" ? mappers.slice(1) : mappers);
    }
  }
}

function known(username: string, groups: readonly string[]): KubeUser {
  return { username, groups: [...groups, "system:authenticated"], extra: {} };
}

type Pick1 = <T>(list: readonly T[]) => T;

const NAMESPACES = ["web", "ops", "shop"];
const PLACES = [undefined, undefined, ...NAMESPACES];
const GROUPS = [[], ["devs"], ["devs"], ["devs", "platform-team"]];
/** The last one's contents AWS does not publish. */
const NAMED_POLICIES = ["View", "View", "Edit", "Admin", "SecretReader", "AdminView", "NetworkingCluster"];
const POLICIES = [...NAMED_POLICIES.map(() => undefined), ...NAMED_POLICIES];
const SCOPES = [[], ["web"], ["web", "team-*"], ["web-*"], ["shop"], ["ops", "shop"]];
const NAMES = [undefined, "{{SessionName}}", "dev:{{SessionName}}", "ada"];
const CALLERS: readonly Caller[] = [
  ...(["entry", "entry", "entry", "aws-auth-role", "aws-auth-role"] as const),
  ...(["aws-auth-user", "service-account", "oidc"] as const),
];

/** Clusters without end, the same for the same seed, each with several attempts. */
export function* askedClusters(seed: number): Generator<AskedCluster> {
  const number = randomNumbers(seed);
  const pick: Pick1 = (list) => list[number(list.length)] as (typeof list)[number];
  for (;;) {
    const caller = pick(CALLERS);
    const cluster = newCluster();
    mapCaller(cluster, caller, pick);
    const own = ROLE_NAMES.flatMap((name) =>
      PLACES.slice(1).map((namespace) => roleOf(name, namespace, pick)),
    );
    cluster.roles = [...own, ...cluster.roles.filter(({ name }) => !ROLE_NAMES.some((one) => one === name))];
    const user = userOf({ caller, cluster });
    const count = number(5);
    cluster.bindings.unshift(
      ...Array.from({ length: count }, (_, index) => bindingOf(`b${index}`, user, pick)),
    );
    for (let attempt = 0; attempt < 4; attempt += 1) yield { caller, cluster, attempt: attemptOf(pick) };
  }
}

function newCluster(): Cluster {
  const namespaces = new Set(["default", "kube-system", ...NAMESPACES]);
  return addCluster(emptyWorld(ACCOUNT), { name: "lab", region: "eu-west-1", namespaces });
}

/** Makes the entry or the line of aws-auth. */
function mapCaller(cluster: Cluster, caller: Caller, pick: Pick1): void {
  const groups = pick(GROUPS);
  switch (caller) {
    case "entry": {
      const names = [...new Set([pick(POLICIES), pick(POLICIES)])];
      const policies = names.flatMap((name) =>
        name === undefined ? [] : [accessPolicy(`AmazonEKS${name}Policy`, pick(SCOPES))],
      );
      const username = pick(NAMES);
      const role = {
        arn: ROLE_ARN,
        uniqueId: PRINCIPALS.role,
        createDate: new Date(),
        maxSessionDuration: 3600,
        trust: [],
        allows: [],
      };
      addEntry(cluster, role, { kubernetesGroups: [...groups], policies, ...(username && { username }) });
      return;
    }
    case "aws-auth-role":
    case "aws-auth-user": {
      const isRole = caller === "aws-auth-role";
      const [section, key, arn] = isRole
        ? (["mapRoles", "rolearn", ROLE_ARN] as const)
        : (["mapUsers", "userarn", USER_ARN] as const);
      cluster.authenticationMode = pick(["CONFIG_MAP", "API_AND_CONFIG_MAP"] as const);
      cluster.awsAuth = {
        [section]: stringify([
          { [key]: arn, username: isRole ? pick(["dev:{{SessionName}}", "ada"]) : "ada", groups },
        ]),
      };
      return;
    }
    case "oidc":
      cluster.tags = { groups: groups.map((group) => `oidc:${group}`).join(" ") };
      return;
    case "service-account":
      return;
  }
}

const ROLE_NAMES = ["reader", "deployer"];
const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "*"];
/** Group, resource, and whether it belongs to no namespace. */
const RESOURCES: readonly (readonly [group: string, resource: string, isWide?: true])[] = [
  ["", "pods"],
  ["", "pods"],
  ["", "pods/log"],
  ["", "pods/exec"],
  ["", "pods/eviction"],
  ["", "secrets"],
  ["", "configmaps"],
  ["", "services"],
  ["", "serviceaccounts/token"],
  ["", "nodes", true],
  ["", "namespaces", true],
  ["", "persistentvolumes", true],
  ["apps", "deployments"],
  ["apps", "deployments/scale"],
  ["batch", "jobs"],
  ["coordination.k8s.io", "leases"],
  ["rbac.authorization.k8s.io", "rolebindings"],
  ["rbac.authorization.k8s.io", "clusterroles", true],
  ["monitoring.coreos.com", "servicemonitors"],
  ["metrics.k8s.io", "pods"],
  ["apiextensions.k8s.io", "customresourcedefinitions", true],
];
const PATHS = ["/metrics", "/logs/kubelet", "/debug/pprof/"];

function roleOf(name: string, namespace: string | undefined, pick: Pick1): RbacRole {
  const rules = [pick(RESOURCES), pick(RESOURCES)].map(([group, resource]) => ({
    verbs: [...new Set([pick(VERBS), pick(VERBS)])],
    apiGroups: [pick([group, group, group, "", "apps"])],
    resources: [pick([resource, resource, resource, "*/log", "*"])],
    ...pick([{}, {}, {}, { resourceNames: ["web-1"] }]),
  }));
  const paths =
    namespace === undefined
      ? pick([[], [{ verbs: ["get"], nonResourceURLs: [pick(["/metrics", "/logs/*", "/healthz"])] }]])
      : [];
  return { name, ...(namespace !== undefined && { namespace }), rules: [...rules, ...paths] };
}

function bindingOf(name: string, user: KubeUser, pick: Pick1): RbacBinding {
  const namespace = pick(PLACES);
  const subjects = pick([
    [],
    [subjectFor(user, pick)],
    [subjectFor(user, pick), subjectFor(user, pick)],
    [subjectFor(user, pick)],
  ]);
  const builtIn = { kind: "ClusterRole" as const, name: pick(["view", "edit", "admin"]) };
  const own = {
    kind: namespace === undefined ? ("ClusterRole" as const) : pick(["ClusterRole", "Role"] as const),
    name: pick([...ROLE_NAMES, ...ROLE_NAMES, "gone"]),
  };
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    roleRef: pick([builtIn, own, own]),
    subjects,
  };
}

/** The caller, somebody else, or the caller written otherwise. */
function subjectFor({ username, groups }: KubeUser, pick: Pick1): RbacSubject {
  const own = groups.filter((group) => !group.startsWith("system:"));
  const group = pick([...own, "devs"]);
  const everyone = { kind: "Group" as const, name: "system:authenticated" };
  return pick<RbacSubject>([
    { kind: "Group", name: group },
    { kind: "Group", name: group },
    { kind: "User", name: username },
    { kind: "Group", name: pick([group.toUpperCase(), `${group}s`, group.replace("oidc:", "")]) },
    { kind: pick(["User", "ServiceAccount"] as const), name: group, namespace: "web" },
    { kind: pick(["Group", "ServiceAccount"] as const), name: username, namespace: "web" },
    { kind: "User", name: username.replace("ada", "bob") },
    { kind: "User", name: "dev:{{SessionName}}" },
    { kind: "User", name: "dev:{{SessionName}}" },
    { kind: "Group", name: ROLE_ARN },
    { kind: "ServiceAccount", ...SERVICE_ACCOUNT },
    { kind: "ServiceAccount", ...SERVICE_ACCOUNT, namespace: "web" },
    { kind: "User", name: SERVICE_ACCOUNT.name },
    { kind: "Group", name: group.replace("oidc:", "") },
    { kind: "Group", name: pick(["system:serviceaccounts", "sre"]) },
    everyone,
  ]);
}

function attemptOf(pick: Pick1): Attributes {
  if (pick([true, ...Array.from({ length: 11 }, () => false)]))
    return { verb: pick(["get", "get", "post"]), path: pick(PATHS) };
  const [group, full, isWide] = pick(RESOURCES);
  const [resource = "", subresource = ""] = full.split("/");
  const verb = ["exec", "eviction", "token"].includes(subresource) ? "create" : pick(VERBS.slice(0, -1));
  const isNamed = subresource !== "" || ["get", "update", "patch", "delete"].includes(verb);
  const name = isNamed ? pick(["web-0", "web-1"]) : "";
  const place = isWide
    ? ""
    : pick([...NAMESPACES, ...NAMESPACES, ...(isNamed || verb === "create" ? [] : [""])]);
  const namespace = resource === "namespaces" ? name : place;
  return { verb, group, version: "v1", resource, subresource, namespace, name };
}

/** A cluster that lets somebody in, and nothing more. */
export function firstCluster(caller: Caller): Cluster {
  const cluster = newCluster();
  mapCaller(cluster, caller, ([first]) => first as never);
  return cluster;
}
