import type {
  AccessEntryJson,
  AssociatedPoliciesJson,
  DoctorEvidence,
} from "../../../doctor/evidence/evidence.ts";
import { ACCOUNT, entry, healthyBundle, ROLE_ARN, USERNAME, unauthorized } from "./bundle.ts";
import { cluster } from "./network-faults.ts";

export const NODE_ARN = `arn:aws:iam::${ACCOUNT}:role/NodeRole`;
export const SSO_PATH = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1`;
export const NEW_SSO = "AWSReservedSSO_Developers_0123456789abcdef";
export const OLD_SSO = "AWSReservedSSO_Developers_fedcba9876543210";

/** EKS's refusal of access-entry calls in mode CONFIG_MAP. Source: doctor/EKS-ACCESS.md, "Authentication mode". */
export const NEEDS_API =
  "InvalidRequestException: The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.";

/** Nobody has called yet: what the API server says is not known. */
export const NEVER_TRIED = {
  question: {},
  apiServer: { failed: "-" },
  selfSubjectReview: { failed: "-" },
  accessReviews: { failed: "-" },
};

export function policies(
  associatedAccessPolicies: AssociatedPoliciesJson["associatedAccessPolicies"],
  principalArn = ROLE_ARN,
): Pick<DoctorEvidence, "associatedPolicies"> {
  return { associatedPolicies: [{ clusterName: "lab", principalArn, associatedAccessPolicies }] };
}

export function mode(authenticationMode: string): Pick<DoctorEvidence, "cluster"> {
  return cluster({ accessConfig: { authenticationMode } });
}

/** No entry but the nodes'. */
export const NO_ENTRY: Partial<DoctorEvidence> = {
  accessEntries: { accessEntries: [NODE_ARN] },
  accessEntryDetails: [],
  associatedPolicies: [],
};

/** aws-auth as it is for nodes, with one more line of `mapRoles`. */
export function awsAuthWith(arn: string, groups: readonly string[]): Pick<DoctorEvidence, "awsAuth"> {
  return {
    awsAuth: {
      data: {
        mapRoles: [
          `- rolearn: ${NODE_ARN}`,
          "  username: system:node:{{EC2PrivateDNSName}}",
          "  groups: [system:bootstrappers, system:nodes]",
          `- rolearn: ${arn}`,
          '  username: "dev:{{SessionName}}"',
          `  groups: [${groups.join(", ")}]`,
          "",
        ].join("\n"),
      },
    },
  };
}

/** A call of AWS's own tools that was refused; the cluster itself works for the caller. */
export function refusedCall(
  command: string,
  stderr: string,
  changes: Partial<DoctorEvidence> = {},
): DoctorEvidence {
  return healthyBundle({ question: { command, exitCode: 254, stderr }, ...changes });
}

/** The AWS CLI's frame around a refusal. */
export function cliError(code: string, operation: string, message: string): string {
  return `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}\n`;
}

/** `kubectl get pods -n web`, refused to this user. */
export function forbidden(changes: Partial<DoctorEvidence>, user = USERNAME): DoctorEvidence {
  const message = `pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "web"`;
  return healthyBundle({
    question: {
      command: "kubectl get pods -n web",
      exitCode: 1,
      stderr: `Error from server (Forbidden): ${message}\n`,
      attempt: { verb: "list", group: "", resource: "pods", namespace: "web" },
    },
    apiServer: { status: 403, message, isKubernetes: true },
    selfSubjectReview: {
      status: { userInfo: { username: user, groups: ["system:authenticated"] } },
    },
    accessReviews: [
      {
        spec: { resourceAttributes: { verb: "list", group: "", resource: "pods", namespace: "web" } },
        status: { allowed: false },
      },
    ],
    ...changes,
  });
}

/** A caller whom IAM Identity Center let in. */
export const SSO_CALLER: Partial<DoctorEvidence> = {
  callerIdentity: {
    UserId: "AROAEXAMPLEEXAMPLE456:ada@example.com",
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${NEW_SSO}/ada@example.com`,
  },
  role: { failed: "AccessDenied: not authorized to perform: iam:GetRole" },
};

export const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/staff/ada`;
export const USER_CALLER: Partial<DoctorEvidence> = {
  callerIdentity: { UserId: "AIDAEXAMPLEEXAMPLE123", Account: ACCOUNT, Arn: USER_ARN },
  role: { failed: "the caller is no role" },
};

/** An administrator, whose own call works, asks about nodes that fail. */
export function nodesFail(stderr: string, changes: Partial<DoctorEvidence>): DoctorEvidence {
  return healthyBundle({ question: { command: "kubectl get nodeclaims", stderr }, ...changes });
}

/** The entry of the nodes' role beside the caller's. */
export function nodesEntry(
  type: string,
  changes: Partial<AccessEntryJson> = {},
): Pick<DoctorEvidence, "accessEntryDetails"> {
  const isForPeople = type === "STANDARD";
  const username = isForPeople
    ? `arn:aws:sts::${ACCOUNT}:assumed-role/NodeRole/{{SessionName}}`
    : `system:node:{{${type.startsWith("EC2") ? "EC2PrivateDNSName" : "SessionName"}}}`;
  const kubernetesGroups = isForPeople ? [] : ["system:nodes"];
  const all = [{}, { principalArn: NODE_ARN, type, username, kubernetesGroups, ...changes }].map(entry);
  return {
    accessEntryDetails: all.flatMap(({ accessEntryDetails: part }) =>
      part !== undefined && !("failed" in part) ? part : [],
    ),
  };
}

const CREATE = `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn`;
const IN_USE = "The specified access entry resource is already in use on this cluster.";

/** One broken thing each, by the row that names it. */
export const MAPPING_FAULTS: Readonly<Record<string, DoctorEvidence>> = {
  M1: unauthorized({
    ...mode("CONFIG_MAP"),
    ...NO_ENTRY,
    accessEntries: { failed: NEEDS_API },
  }),
  M2: unauthorized({ ...mode("API"), ...NO_ENTRY, ...awsAuthWith(ROLE_ARN, ["developers"]) }),
  M3: refusedCall(
    "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API",
    cliError(
      "InvalidParameterException",
      "UpdateClusterConfig",
      "Unsupported authentication mode update from CONFIG_MAP to API",
    ),
    mode("CONFIG_MAP"),
  ),
  M4: unauthorized({
    ...cluster({
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    }),
    ...NO_ENTRY,
    accessEntries: { accessEntries: [] },
  }),
  M5: unauthorized({
    ...cluster({
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
    }),
    ...NO_ENTRY,
    accessEntries: { accessEntries: [] },
  }),
  M6: refusedCall(
    "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
    cliError(
      "InvalidParameterException",
      "UpdateClusterConfig",
      "Unsupported authentication mode update from CONFIG_MAP to API_AND_CONFIG_MAP",
    ),
    cluster({
      version: "1.27",
      platformVersion: "eks.4",
      accessConfig: { authenticationMode: "CONFIG_MAP" },
    }),
  ),
  E1: unauthorized({ ...mode("API"), ...NO_ENTRY }),
  E2: refusedCall(
    `${CREATE} arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com`,
    cliError(
      "InvalidParameterException",
      "CreateAccessEntry",
      "The specified principalArn is invalid: invalid principal.",
    ),
    NO_ENTRY,
  ),
  E3: unauthorized({
    role: {
      Role: {
        Arn: ROLE_ARN,
        RoleId: "AROAEXAMPLEEXAMPLE123",
        RoleName: "Dev",
        Path: "/",
        CreateDate: "2025-12-01T08:00:00Z",
      },
    },
  }),
  E4: unauthorized({
    ...SSO_CALLER,
    ...NO_ENTRY,
    accessEntries: { accessEntries: [`${SSO_PATH}/${OLD_SSO}`, NODE_ARN] },
  }),
  E5: forbidden(policies([])),
  E6: unauthorized({
    ...entry({ type: "EC2_LINUX", username: "system:node:{{EC2PrivateDNSName}}" }),
    ...policies([]),
  }),
  E7: refusedCall(`${CREATE} ${ROLE_ARN}`, cliError("ResourceInUseException", "CreateAccessEntry", IN_USE)),
  E8: refusedCall(
    `${CREATE} ${ROLE_ARN} --kubernetes-groups system:masters devs`,
    cliError(
      "InvalidParameterException",
      "CreateAccessEntry",
      "The kubernetes group name system:masters is invalid, it cannot start with system:",
    ),
    NO_ENTRY,
  ),
  E9: forbidden({
    ...entry({ kubernetesGroups: ["ops"], modifiedAt: "2026-01-15T11:00:00Z" }),
    ...policies([]),
    rbac: { failed: "Forbidden" },
  }),
  E10: unauthorized(entry({ createdAt: "2026-01-15T11:59:40Z", modifiedAt: "2026-01-15T11:59:40Z" })),
  E11: forbidden({ ...awsAuthWith(ROLE_ARN, ["system:masters"]), ...policies([]) }),
  E12: unauthorized({
    ...USER_CALLER,
    ...NO_ENTRY,
    accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:user/ada`, NODE_ARN] },
  }),
  E13: unauthorized({
    accessEntryDetails: ["2026-01-15T11:59:20Z", "2026-01-15T11:59:50Z"].map((createdAt) => ({
      accessEntry: { clusterName: "lab", principalArn: ROLE_ARN, type: "STANDARD", createdAt },
    })),
  }),
  E14: nodesFail("Node not registered with cluster", {
    ...nodesEntry("EC2"),
    ...policies([], NODE_ARN),
  }),
  E15: unauthorized(entry({ createdAt: "2026-01-14T11:00:00Z" })),
  P11: refusedCall(
    "aws eks update-kubeconfig --name lab --region eu-west-1",
    cliError(
      "AccessDeniedException",
      "DescribeCluster",
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/lab`,
    ),
    { cluster: { failed: "AccessDeniedException" } },
  ),
  P12: refusedCall(
    "the EKS console",
    "Your current user or role does not have access to Kubernetes objects on this EKS cluster",
  ),
  P14: refusedCall(
    `${CREATE} ${NODE_ARN} --type EC2_LINUX`,
    cliError(
      "AccessDeniedException",
      "CreateAccessEntry",
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada@example.com is not authorized to perform: iam:PassRole on resource: ${NODE_ARN}`,
    ),
  ),
};

/** The bundle of one row. */
export function mappingFault(row: string): DoctorEvidence {
  const bundle = MAPPING_FAULTS[row];
  if (bundle === undefined) throw new Error(`no bundle for ${row}`);
  return bundle;
}
