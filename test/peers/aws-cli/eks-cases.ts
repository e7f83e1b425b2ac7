import { accessPolicy, addCluster, addEntry } from "../../lab/aws/world.ts";
import type { AuthenticationMode, ClusterUpdate } from "../../lab/model.ts";
import { answered, type OperationCase, refused, type Stage } from "./operation-case.ts";

const DEVELOPER = "arn:aws:iam::111122223333:role/VouchDeveloper";
const DEFAULT_USERNAME = "arn:aws:sts::111122223333:assumed-role/VouchDeveloper/{{SessionName}}";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const UPDATE: ClusterUpdate = {
  id: "0b3c2f7e-0000-4000-8000-000000000000",
  status: "Successful",
  type: "AccessConfigUpdate",
  params: [{ type: "AuthenticationMode", value: '"API"' }],
  createdAt: new Date("2026-01-15T12:00:00Z"),
};

const NO_CLUSTER = "ResourceNotFoundException: No cluster found for name: nope.";
const NO_ENTRY =
  "ResourceNotFoundException: The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.";
const NEEDS_API =
  "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.";

const onEntry = (command: string, ...more: string[]) => [
  ...["eks", command, "--cluster-name", "lab", "--principal-arn", DEVELOPER],
  ...more,
];
const onView = (command: string, ...more: string[]) => onEntry(command, "--policy-arn", VIEW, ...more);
const inNamespaces = ["--access-scope", "type=namespace,namespaces=team-a,dev-*"];
const toMode = (mode: string) => [
  ...["eks", "update-cluster-config", "--name", "lab", "--access-config", `authenticationMode=${mode}`],
];

const withEntry = {
  prepare: (stage: Stage) => makeEntry(stage, {}),
};
const withView = {
  prepare: (stage: Stage) =>
    makeEntry(stage, { policies: [accessPolicy("AmazonEKSViewPolicy", ["team-a"])] }),
};
const inMode = (mode: AuthenticationMode) => ({
  prepare: ({ cluster }: Stage) => {
    cluster.authenticationMode = mode;
  },
});
const withSecond = {
  what: "is answered page by page",
  prepare: ({ world }: Stage) => void addCluster(world, { name: "second" }),
};

function makeEntry({ world, cluster }: Stage, fields: Parameters<typeof addEntry>[2]): void {
  const role = world.roles.get(DEVELOPER);
  if (role) addEntry(cluster, role, { createdAt: UPDATE.createdAt, ...fields });
}

const CLUSTERS: readonly OperationCase[] = [
  answered("eks:DescribeCluster", ["eks", "describe-cluster", "--name", "lab"], ({ cluster }) => ({
    cluster: {
      name: "lab",
      arn: cluster.arn,
      endpoint: cluster.endpoint,
      status: "ACTIVE",
      certificateAuthority: { data: Buffer.from(cluster.certificateAuthority).toString("base64") },
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
    },
  })),
  answered(
    "eks:DescribeCluster",
    ["eks", "describe-cluster", "--name", "lab"],
    { cluster: { status: "CREATING", health: { issues: [{ code: "AccessDenied" }] }, tags: { team: "a" } } },
    {
      what: "is answered for a cluster that is being made",
      prepare: ({ cluster }) =>
        void Object.assign(cluster, {
          status: "CREATING",
          tags: { team: "a" },
          healthIssues: [{ code: "AccessDenied", message: "m", resourceIds: ["sg-1"] }],
        }),
    },
  ),
  refused("eks:DescribeCluster", ["eks", "describe-cluster", "--name", "nope"], NO_CLUSTER),
  answered("eks:ListClusters", ["eks", "list-clusters"], { clusters: ["lab"] }),
  answered(
    "eks:ListClusters",
    ["eks", "list-clusters", "--page-size", "1"],
    { clusters: ["lab", "second"] },
    withSecond,
  ),
  answered("eks:UpdateClusterConfig", toMode("API"), {
    update: { status: "InProgress", type: "AccessConfigUpdate", params: [{ type: "AuthenticationMode" }] },
  }),
  refused(
    "eks:UpdateClusterConfig",
    toMode("API"),
    "InvalidParameterException: Unsupported authentication mode update from CONFIG_MAP to API",
    inMode("CONFIG_MAP"),
  ),
  answered(
    "eks:DescribeUpdate",
    ["eks", "describe-update", "--name", "lab", "--update-id", UPDATE.id],
    { update: { id: UPDATE.id, status: "Successful", type: "AccessConfigUpdate", params: UPDATE.params } },
    {
      prepare: ({ cluster }) => {
        cluster.updates = [UPDATE];
      },
    },
  ),
  refused(
    "eks:DescribeUpdate",
    ["eks", "describe-update", "--name", "lab", "--update-id", "none"],
    "ResourceNotFoundException: No update found for ID: none",
  ),
  answered("eks:ListAccessPolicies", ["eks", "list-access-policies"], {
    accessPolicies: [{ name: "AmazonEKSViewPolicy", arn: VIEW }],
  }),
];

const ENTRIES: readonly OperationCase[] = [
  answered(
    "eks:ListAccessEntries",
    ["eks", "list-access-entries", "--cluster-name", "lab"],
    { accessEntries: [DEVELOPER] },
    withEntry,
  ),
  refused(
    "eks:ListAccessEntries",
    ["eks", "list-access-entries", "--cluster-name", "lab"],
    NEEDS_API,
    inMode("CONFIG_MAP"),
  ),
  answered("eks:CreateAccessEntry", onEntry("create-access-entry", "--kubernetes-groups", "devs", "ops"), {
    accessEntry: {
      principalArn: DEVELOPER,
      kubernetesGroups: ["devs", "ops"],
      username: DEFAULT_USERNAME,
      type: "STANDARD",
    },
  }),
  refused(
    "eks:CreateAccessEntry",
    onEntry("create-access-entry"),
    "ResourceInUseException: The specified access entry resource is already in use on this cluster.",
    withEntry,
  ),
  refused(
    "eks:CreateAccessEntry",
    onEntry("create-access-entry", "--username", "system:admin"),
    "InvalidParameterException: The username must not begin with system:",
  ),
  answered(
    "eks:DescribeAccessEntry",
    onEntry("describe-access-entry"),
    { accessEntry: { username: DEFAULT_USERNAME } },
    withEntry,
  ),
  refused("eks:DescribeAccessEntry", onEntry("describe-access-entry"), NO_ENTRY),
  answered(
    "eks:UpdateAccessEntry",
    onEntry("update-access-entry", "--kubernetes-groups", "readers"),
    { accessEntry: { kubernetesGroups: ["readers"], username: DEFAULT_USERNAME } },
    {
      what: "sets what is left out to its default",
      prepare: (stage) => makeEntry(stage, { kubernetesGroups: ["devs"], username: "dev" }),
    },
  ),
  refused(
    "eks:UpdateAccessEntry",
    onEntry("update-access-entry", "--kubernetes-groups", "system:masters"),
    "InvalidParameterException: The kubernetes group name system:masters is invalid, it cannot start with system:",
    withEntry,
  ),
  answered("eks:DeleteAccessEntry", onEntry("delete-access-entry"), {}, withEntry),
  refused("eks:DeleteAccessEntry", onEntry("delete-access-entry"), NO_ENTRY),
];

const POLICIES: readonly OperationCase[] = [
  answered(
    "eks:AssociateAccessPolicy",
    onView("associate-access-policy", ...inNamespaces),
    {
      associatedAccessPolicy: {
        policyArn: VIEW,
        accessScope: { type: "namespace", namespaces: ["team-a", "dev-*"] },
      },
    },
    withEntry,
  ),
  refused(
    "eks:AssociateAccessPolicy",
    onEntry("associate-access-policy", "--policy-arn", `${VIEW}s`, ...inNamespaces),
    "ResourceNotFoundException: The specified policyArn could not be found.",
    withEntry,
  ),
  refused(
    "eks:AssociateAccessPolicy",
    onView("associate-access-policy", "--access-scope", "type=cluster"),
    'InvalidRequestException: This operation can only be performed on Access Entries with a type of "STANDARD"',
    { prepare: (stage) => makeEntry(stage, { type: "EC2_LINUX" }) },
  ),
  answered(
    "eks:ListAssociatedAccessPolicies",
    onEntry("list-associated-access-policies"),
    {
      associatedAccessPolicies: [
        { policyArn: VIEW, accessScope: { type: "namespace", namespaces: ["team-a"] } },
      ],
    },
    withView,
  ),
  refused("eks:ListAssociatedAccessPolicies", onEntry("list-associated-access-policies"), NO_ENTRY),
  answered("eks:DisassociateAccessPolicy", onView("disassociate-access-policy"), {}, withView),
  refused(
    "eks:DisassociateAccessPolicy",
    onView("disassociate-access-policy"),
    "ResourceNotFoundException: The specified policyArn is not associated with the access entry.",
    withEntry,
  ),
];

export const EKS_CASES: readonly OperationCase[] = [...CLUSTERS, ...ENTRIES, ...POLICIES];
