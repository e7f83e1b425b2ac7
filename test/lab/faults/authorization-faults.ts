import fs from "node:fs";
import path from "node:path";
import { accessPolicy } from "../aws/world.ts";
import { LAB_ROLE, type Lab } from "../lab.ts";
import type { AccessEntry, PolicyRule, RbacBinding } from "../model.ts";
import { editContext } from "./kubeconfig-edit.ts";
import { CONTEXTS, FORBIDDEN, type LabFault, type LabFix } from "./lab-fault.ts";
import { updateKubeconfig } from "./update-kubeconfig.ts";

const GROUP = "developers";
const POD_READER_REF = { kind: "Role", name: "pod-reader" } as const;
const POD_READER: PolicyRule[] = [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }];

const USERNAME = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/ada-example.com";

/** Where the lab lets nobody look at entries and policies. */
const WITHOUT_LOOKING: LabFix = { printed: /./, not: /describe-access-entry|list-associated/ };

/** Rows P: what access policies grant, and where. */
export const POLICY_FAULTS: readonly LabFault[] = [
  {
    row: "P1",
    name: "the namespace is not in the scope of the policy",
    breakIt: ({ lab }) => view(lab, ["default", "team-*"]),
    tries: ["get", "pods", "-n", "payments"],
    says: FORBIDDEN,
  },
  {
    row: "P1",
    name: "the namespace is out of reach, and the caller may read RBAC but neither entries nor policies",
    breakIt: ({ lab }) => {
      hidePolicies(lab);
      view(lab, ["default", "team-*"]);
    },
    tries: ["get", "pods", "-n", "payments"],
    says: FORBIDDEN,
    fix: WITHOUT_LOOKING,
  },
  {
    row: "P1",
    name: "the namespace is out of reach, and the caller may read nothing of who may do what",
    breakIt: ({ lab }) => {
      hidePolicies(lab);
      lab.cluster.bindings = lab.cluster.bindings.filter(({ name }) => name !== "rbac-readers");
      view(lab, ["default", "team-*"]);
    },
    tries: ["get", "pods", "-n", "payments"],
    says: FORBIDDEN,
    fix: WITHOUT_LOOKING,
  },
  {
    row: "P2",
    name: "the wildcard of the scope does not cover the namespace",
    breakIt: ({ lab }) => {
      lab.cluster.namespaces.add("team");
      view(lab, ["default", "team-*"]);
    },
    tries: ["get", "pods", "-n", "team"],
    says: FORBIDDEN,
  },
  {
    row: "P3",
    name: "nodes are in no policy for people",
    breakIt: ({ lab }) => view(lab, []),
    tries: ["get", "nodes"],
    says: /nodes is forbidden/,
  },
  {
    row: "P4",
    name: "who may look may not look into secrets",
    breakIt: ({ lab }) => view(lab, []),
    tries: ["get", "secrets"],
    says: /secrets is forbidden/,
  },
  {
    row: "T2",
    name: "helm may not read the secrets that it keeps releases in",
    breakIt: ({ lab }) => view(lab, []),
    command: ["helm", "--kube-context", CONTEXTS.ours, "list"],
    says: /list: failed to list: secrets is forbidden/,
    asking: "pastes",
  },
  {
    row: "P5",
    name: "custom resources are in no policy for people",
    breakIt: ({ lab }) => view(lab, []),
    tries: ["get", "--raw", "/apis/monitoring.coreos.com/v1/namespaces/default/servicemonitors"],
    says: FORBIDDEN,
    // There are none in the lab: that they may be listed is all that can be seen.
    works: [
      "kubectl",
      "vouch",
      "doctor",
      "--context",
      CONTEXTS.ours,
      "--for",
      "list servicemonitors.monitoring.coreos.com",
    ],
  },
  {
    row: "P6",
    name: "Kubernetes does not see the policy by which one may bind roles",
    breakIt: ({ lab }) => {
      entryOf(lab).policies = [accessPolicy("AmazonEKSAdminPolicy", ["default"])];
    },
    tries: ["create", "rolebinding", "bob-edits", "--clusterrole=edit", "--user=bob", "-n", "default"],
    says: /is attempting to grant RBAC permissions not currently held/,
    fix: {
      printed: /Set the groups|Bind ClusterRole|with RBAC/,
      all: true,
      fill: () => ({ NAMESPACE: "default" }),
    },
  },
  {
    row: "P7",
    name: "as somebody else one has no access policies",
    breakIt: ({ lab }) => {
      entryOf(lab).policies = [accessPolicy("AmazonEKSClusterAdminPolicy")];
    },
    tries: ["get", "pods", "--as", "bob"],
    says: /User "bob" cannot list resource "pods"/,
    fix: { printed: /to User bob in namespace default/ },
  },
  {
    row: "P7",
    name: "nothing lets one be somebody else",
    breakIt: () => undefined,
    tries: ["get", "pods", "--as", "bob", "--as-group", "devs"],
    says: /cannot impersonate-on:user-info:list resource "pods"|\(Forbidden\): unknown/,
    fix: { printed: /^Or grant it with RBAC: save the manifest as vouch-users-impersonate/ },
    works: ["kubectl", "--context", CONTEXTS.ours, "auth", "whoami", "--as", "bob", "--as-group", "devs"],
  },
  {
    row: "P7",
    name: "the kubeconfig makes every call as somebody else",
    context: CONTEXTS.grace,
    breakIt: ({ kubeconfig }) =>
      editContext(kubeconfig, CONTEXTS.grace, ({ user }) => {
        user["as"] = "bob";
        user["as-groups"] = ["devs"];
      }),
    says: /cannot impersonate|\(Forbidden\): unknown/,
    asking: "looks",
  },
  {
    row: "P9",
    name: "a policy for AWS's own roles is to be given to people",
    breakIt: () => undefined,
    command: associate("AmazonEKSHybridPolicy"),
    says: /can only be associated with service-linked roles/,
    asking: "pastes",
    fix: { printed: /./, fill: () => ({ PRINCIPAL_ARN: LAB_ROLE }) },
    works: ["kubectl", "--context", CONTEXTS.ours, "get", "pods"],
  },
  {
    row: "P9",
    also: "E1",
    name: "the policy is associated before there is an entry",
    breakIt: ({ lab }) => void lab.cluster.accessEntries.delete(LAB_ROLE),
    command: associate("AmazonEKSViewPolicy", "default"),
    says: /The specified principalArn could not be found/,
    asking: "pastes",
    fix: { printed: /./, fill: () => ({ PRINCIPAL_ARN: LAB_ROLE }) },
  },
  {
    row: "P10",
    name: "an association per namespace has left the last one only",
    breakIt: async ({ lab, run }) => {
      entryOf(lab).policies = [];
      for (const namespace of ["default", "team-a"]) await run(associate("AmazonEKSViewPolicy", namespace));
    },
    tries: ["get", "pods", "-n", "default"],
    says: FORBIDDEN,
  },
  {
    row: "P11",
    name: "IAM does not allow to describe the cluster",
    breakIt: ({ lab }) => {
      lab.aws.faults.deny = ["eks:DescribeCluster"];
    },
    command: updateKubeconfig("us-east-1"),
    says: /not authorized to perform: eks:DescribeCluster/,
    asking: "pastes",
    fix: {
      says: /service control policy/,
      byHand: ({ lab }) => {
        lab.aws.faults.deny = [];
      },
    },
  },
  {
    row: "P13",
    name: "evictions are in no policy for people",
    breakIt: ({ lab, folder }) => {
      entryOf(lab).policies = [accessPolicy("AmazonEKSEditPolicy", ["default"])];
      const metadata = { name: "web-6c9f7d5b8-2xkqp", namespace: "default" };
      const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
      fs.writeFileSync(path.join(folder, "eviction.json"), JSON.stringify(eviction));
    },
    tries: [
      ...["create", "--raw", "/api/v1/namespaces/default/pods/web-6c9f7d5b8-2xkqp/eviction", "-f"],
      "eviction.json",
    ],
    says: FORBIDDEN,
  },
];

/** Into a group, and the group bound: each by a fix of its own. */
const ALL_FIXES = { printed: /./, all: true };

/** Rows R: what bindings give to the groups of the entry, which has no policies. */
export const RBAC_FAULTS: readonly LabFault[] = [
  rbac("R1", "nothing binds the group of the entry", []),
  {
    ...rbac("R2", "a group named like the role is bound", [bind({ kind: "Group", name: LAB_ROLE })]),
    fix: ALL_FIXES,
  },
  {
    ...rbac("R3", "the session of a colleague is bound", [
      bind({ kind: "User", name: USERNAME.replace("ada", "bob") }),
    ]),
    fix: ALL_FIXES,
  },
  rbac("R4", "the group is bound in another namespace", [
    { ...bind({ kind: "Group", name: GROUP }), namespace: "payments" },
  ]),
  rbac("R5", "the binding names a role that is not there", [
    { ...bind({ kind: "Group", name: GROUP }), roleRef: POD_READER_REF },
  ]),
  rbac("R6", "the group is bound as if it were a user", [bind({ kind: "User", name: GROUP })]),
  {
    row: "R7",
    name: "the role of the binding lacks the subresource",
    breakIt: ({ lab }) => {
      lab.cluster.roles.push({ name: POD_READER_REF.name, namespace: "default", rules: POD_READER });
      bindOnly(lab, [{ ...bind({ kind: "Group", name: GROUP }), roleRef: POD_READER_REF }]);
    },
    tries: ["logs", "web-6c9f7d5b8-2xkqp"],
    says: FORBIDDEN,
  },
  {
    ...rbac("R10", "a template stands in the name that is bound", [
      bind({ kind: "User", name: USERNAME.replace("ada-example.com", "{{SessionName}}") }),
    ]),
    fix: ALL_FIXES,
  },
];

function rbac(row: string, name: string, bindings: readonly RbacBinding[]): LabFault {
  return { row, name, breakIt: ({ lab }) => bindOnly(lab, bindings), says: FORBIDDEN };
}

function bindOnly(lab: Lab, bindings: readonly RbacBinding[]): void {
  const entry = entryOf(lab);
  entry.policies = [];
  entry.kubernetesGroups = [GROUP];
  lab.cluster.bindings.push(...bindings);
}

function bind(subject: RbacBinding["subjects"][number]): RbacBinding {
  return {
    name: "developers-view",
    namespace: "default",
    roleRef: { kind: "ClusterRole", name: "view" },
    subjects: [subject],
  };
}

function view(lab: Lab, namespaces: readonly string[]): void {
  entryOf(lab).policies = [accessPolicy("AmazonEKSViewPolicy", namespaces)];
}

function hidePolicies(lab: Lab): void {
  lab.aws.faults.deny = [
    "eks:DescribeAccessEntry",
    "eks:ListAccessEntries",
    "eks:ListAssociatedAccessPolicies",
  ];
}

function associate(policy: string, namespace?: string): string[] {
  const scope = namespace === undefined ? "type=cluster" : `type=namespace,namespaces=${namespace}`;
  return [
    ...["env", "AWS_PROFILE=administrator", "aws", "eks", "associate-access-policy"],
    ...["--cluster-name", "lab", "--region", "us-east-1", "--principal-arn", LAB_ROLE],
    ...["--policy-arn", `arn:aws:eks::aws:cluster-access-policy/${policy}`, "--access-scope", scope],
  ];
}

function entryOf({ cluster }: Lab): AccessEntry {
  const entry = cluster.accessEntries.get(LAB_ROLE);
  if (entry === undefined) throw new Error(`There is no entry of ${LAB_ROLE}`);
  return entry;
}
