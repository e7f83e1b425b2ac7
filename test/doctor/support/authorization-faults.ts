import type {
  AccessEntryJson,
  AccessRequest,
  AssociatedPoliciesJson,
  DoctorEvidence,
  RbacObjectJson,
} from "../../../doctor/evidence/evidence.ts";
import {
  ACCOUNT,
  ENTRY_USERNAME,
  entry,
  healthyBundle,
  kubeconfigText,
  ROLE_ARN,
  USERNAME,
  unauthorized,
} from "./bundle.ts";
import { cliError, policies, refusedCall } from "./mapping-faults.ts";

type Association = AssociatedPoliciesJson["associatedAccessPolicies"][number];

const RBAC = "rbac.authorization.k8s.io";

/** An associated policy; without namespaces on the whole cluster. */
export function policy(name: string, ...namespaces: readonly string[]): Association {
  return {
    policyArn: `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy`,
    accessScope:
      namespaces.length === 0 ? { type: "cluster", namespaces: [] } : { type: "namespace", namespaces },
    associatedAt: "2025-06-02T08:00:00Z",
    modifiedAt: "2025-06-02T08:00:00Z",
  };
}

/** `kubectl`'s refusal of an attempt. Source: doctor/EKS-ACCESS.md, "Words of 403". */
export function refusalText(
  { verb, group = "", resource = "", subresource, namespace, name }: AccessRequest,
  user = USERNAME,
): string {
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const kind = group === "" ? resource : `${resource}.${group}`;
  const object = name === undefined ? kind : `${kind} "${name}"`;
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  return `${object} is forbidden: User "${user}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`;
}

interface Case {
  readonly attempt: AccessRequest;
  readonly associated?: readonly Association[];
  readonly groups?: readonly string[];
  readonly rbac?: readonly RbacObjectJson[];
  readonly user?: string;
  readonly entry?: Partial<AccessEntryJson>;
  readonly command?: string;
  /** Words around the refusal; `%` is where it stands. */
  readonly words?: string;
  readonly changes?: Partial<DoctorEvidence>;
}

/** The caller of the healthy bundle, refused this attempt by the API server. */
export function refused({
  attempt,
  associated = [],
  groups = [],
  rbac = [],
  user = USERNAME,
  ...more
}: Case): DoctorEvidence {
  const message = refusalText(attempt, user);
  const { name: _name, ...attributes } = attempt;
  return healthyBundle({
    ...entry({ kubernetesGroups: groups, ...more.entry }),
    ...policies(associated),
    question: {
      command: more.command ?? `kubectl ${attempt.verb} ${attempt.resource}`,
      exitCode: 1,
      stderr: (more.words ?? "Error from server (Forbidden): %\n").replace("%", message),
      attempt,
    },
    apiServer: { status: 403, message, isKubernetes: true },
    selfSubjectReview: {
      status: { userInfo: { username: user, groups: [...groups, "system:authenticated"] } },
    },
    accessReviews: [{ spec: { resourceAttributes: attributes }, status: { allowed: false } }],
    rbac: { items: rbac },
    ...more.changes,
  });
}

export function role(name: string, rules: RbacObjectJson["rules"], namespace?: string): RbacObjectJson {
  return {
    kind: namespace === undefined ? "ClusterRole" : "Role",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    rules: rules ?? [],
  };
}

/** A binding of one subject, `Group devs`, to `ClusterRole view` or another. */
export function binding(
  subject: string,
  {
    to = "ClusterRole view",
    name = "devs",
    namespace,
  }: { readonly to?: string; readonly name?: string; readonly namespace?: string } = {},
): RbacObjectJson {
  const [kind = "", ...words] = subject.split(" ");
  const [roleKind = "", roleName = ""] = to.split(" ");
  return {
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: RBAC, kind: roleKind, name: roleName },
    subjects: [{ apiGroup: RBAC, kind, name: words.join(" ") }],
  };
}

const HERE = `--cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`;

/** What associates `View` or another policy with `type=cluster` or namespaces. */
export function associate(name: string, scope: string): string {
  return `aws eks associate-access-policy ${HERE} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy --access-scope ${scope}`;
}

/** What gives the entry these groups, and keeps its username. */
export function setGroups(...groups: readonly string[]): string {
  return setGroupsOf(`'${ENTRY_USERNAME}'`, ...groups);
}

/** The same for an entry with this username, as a shell reads it. */
export function setGroupsOf(username: string, ...groups: readonly string[]): string {
  return `aws eks update-access-entry ${HERE} --kubernetes-groups ${groups.join(" ")} --username ${username}`;
}

export const LIST_PODS: AccessRequest = { verb: "list", group: "", resource: "pods", namespace: "web" };
const OIDC_USER = "https://id.example.com#ada";
export const OIDC_PROVIDER = {
  identityProviderConfig: {
    oidc: {
      identityProviderConfigName: "corp",
      issuerUrl: "https://id.example.com",
      clientId: "kubernetes",
      usernameClaim: "sub",
      groupsClaim: "groups",
      groupsPrefix: "oidc:",
      status: "ACTIVE",
    },
  },
};

/** kubelogin in the exec block. */
export function kubelogin(issuer: string, client: string): Pick<DoctorEvidence, "kubeconfig"> {
  const exec = `apiVersion: client.authentication.k8s.io/v1beta1\ncommand: kubectl\nargs: [oidc-login, get-token, "--oidc-issuer-url=${issuer}", "--oidc-client-id=${client}"]\n`;
  return { kubeconfig: { files: [{ path: "/home/ada/.kube/config", text: kubeconfigText(exec) }] } };
}

/** Somebody who logs in by OIDC: AWS knows nothing of the caller. */
const BY_OIDC: Partial<DoctorEvidence> = {
  ...kubelogin("https://id.example.com", "kubernetes"),
  callerIdentity: { failed: "no AWS credentials are in use" },
  role: { failed: "no AWS credentials are in use" },
  identityProviders: [OIDC_PROVIDER],
};

const ESCALATION = `roles.rbac.authorization.k8s.io "deployer" is forbidden: user "${USERNAME}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:["apps"], Resources:["deployments"], Verbs:["patch"]}`;
const VIEW = policy("View", "web", "team-*");

/** One fault of policies, RBAC or helm's needs each, by its row. */
export const AUTHORIZATION_FAULTS = {
  P1: refused({ attempt: { ...LIST_PODS, namespace: "payments" }, associated: [VIEW] }),
  P2: refused({ attempt: { ...LIST_PODS, namespace: "team" }, associated: [VIEW] }),
  P3: refused({ attempt: { verb: "list", group: "", resource: "nodes" }, associated: [VIEW] }),
  P4: refused({ attempt: { ...LIST_PODS, resource: "secrets" }, associated: [VIEW] }),
  P5: refused({
    attempt: { verb: "list", group: "monitoring.coreos.com", resource: "servicemonitors", namespace: "web" },
    associated: [VIEW],
  }),
  P6: healthyBundle({
    ...policies([policy("Admin", "web")]),
    question: {
      command: "kubectl apply -f role.yaml -n web",
      exitCode: 1,
      stderr: `Error from server (Forbidden): error when creating "role.yaml": ${ESCALATION}\n`,
    },
    apiServer: { failed: "not asked again" },
    accessReviews: { failed: "not asked" },
  }),
  P7: refused({
    attempt: LIST_PODS,
    associated: [VIEW],
    command: "kubectl get pods -n web --as bob",
    changes: {
      question: {
        command: "kubectl get pods -n web --as bob",
        exitCode: 1,
        stderr: `Error from server (Forbidden): ${refusalText(LIST_PODS, "bob")}\n`,
        attempt: LIST_PODS,
      },
      apiServer: { status: 200, isKubernetes: true },
      accessReviews: [{ spec: { resourceAttributes: LIST_PODS }, status: { allowed: true } }],
    },
  }),
  P9: refusedCall(
    `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::${ACCOUNT}:role/Dev --policy-arn arn:aws:eks::${ACCOUNT}:cluster-access-policy/AmazonEKSViewPolicy --access-scope type=namespace,namespaces=web,ops`,
    cliError("InvalidParameterException", "AssociateAccessPolicy", "The specified policyArn is invalid"),
  ),
  P10: refused({
    attempt: { ...LIST_PODS, namespace: "payments" },
    associated: [{ ...policy("View", "web"), modifiedAt: "2026-01-10T08:00:00Z" }],
  }),
  P13: refused({
    attempt: {
      verb: "create",
      group: "",
      resource: "pods",
      subresource: "eviction",
      namespace: "web",
      name: "web-0",
    },
    associated: [policy("Admin")],
    command: "kubectl drain ip-10-0-1-7",
  }),
  R1: refused({ attempt: LIST_PODS, groups: ["developers"] }),
  R2: refused({ attempt: LIST_PODS, rbac: [binding(`Group arn:aws:iam::${ACCOUNT}:role/Dev`)] }),
  R3: refused({
    attempt: LIST_PODS,
    rbac: [binding(`User ${USERNAME.replace("ada-example.com", "ada@example.com")}`)],
  }),
  R4: refused({
    attempt: LIST_PODS,
    groups: ["developers"],
    rbac: [binding("Group developers", { namespace: "team-a" })],
  }),
  R5: refused({
    attempt: LIST_PODS,
    groups: ["developers"],
    rbac: [role("viewer", []), binding("Group developers", { to: "ClusterRole veiwer" })],
  }),
  R6: refused({ attempt: LIST_PODS, groups: ["developers"], rbac: [binding("User developers")] }),
  R7: refused({
    attempt: {
      verb: "get",
      group: "",
      resource: "pods",
      subresource: "log",
      namespace: "web",
      name: "web-0",
    },
    groups: ["developers"],
    rbac: [
      role("pods", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }]),
      binding("Group developers", { to: "ClusterRole pods" }),
    ],
  }),
  R8: refused({
    attempt: LIST_PODS,
    groups: ["oidc:developers"],
    user: OIDC_USER,
    rbac: [binding("Group developers")],
    changes: BY_OIDC,
  }),
  R9: unauthorized({ ...BY_OIDC, ...kubelogin("https://id.example.com/", "kubernetes") }),
  R10: refused({
    attempt: LIST_PODS,
    user: "dev:ada-example.com",
    entry: { username: "dev:{{SessionName}}" },
    rbac: [binding("User dev:{{SessionName}}")],
  }),
  T2: refused({
    attempt: { ...LIST_PODS, resource: "secrets" },
    associated: [VIEW],
    command: "helm upgrade --install shop ./shop -n web",
    words: "Error: query: failed to query with labels: %\n",
    changes: { client: { name: "helm", version: "v3.22.0" } },
  }),
} satisfies Readonly<Record<string, DoctorEvidence>>;
