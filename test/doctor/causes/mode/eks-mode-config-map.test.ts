import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { READ } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, unauthorized } from "../../support/bundle.ts";
import {
  cliError,
  mappingFault,
  mode,
  NEEDS_API,
  NO_ENTRY,
  NODE_ARN,
  refusedCall,
} from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

/** The whole section, with a line for the caller. */
const MAP_ROLES = [
  `- rolearn: ${NODE_ARN}`,
  "  username: system:node:{{EC2PrivateDNSName}}",
  "  groups: [system:bootstrappers, system:nodes]",
  `- rolearn: ${ROLE_ARN}`,
  "  username: Dev:{{SessionName}}",
  "  groups:",
  "    - vouch-dev",
  "",
].join("\n");
const PATCH = `kubectl patch configmap aws-auth -n kube-system --type=merge --patch '${JSON.stringify({ metadata: READ, data: { mapRoles: MAP_ROLES } })}'`;

/** A line of aws-auth, which can be taken back, before the change of mode, which cannot. */
const fixes = (scope: string) => [
  "kubectl get configmap aws-auth -n kube-system -o yaml > aws-auth-before.yaml",
  `${PATCH} --dry-run=server -o yaml`,
  PATCH,
  "kubectl create rolebinding vouch-dev -n web --clusterrole=view --group=vouch-dev",
  "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
  "aws eks wait cluster-active --name lab --region eu-west-1",
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy --access-scope ${scope}`,
];
const FAULT = mappingFault("M1");
const OTHER_ARN = ROLE_ARN.replace("Dev", "Ops");

/** A refused caller, the entries of whom nobody could list, and what was tried to let somebody in. */
function tried(stderr: string, principalArn = ROLE_ARN): DoctorEvidence {
  const command = `aws eks create-access-entry --cluster-name lab --principal-arn ${principalArn}`;
  return {
    ...FAULT,
    accessEntries: { failed: "AccessDeniedException" },
    fixAttempts: [{ command, exitCode: 254, stderr }],
  };
}

testRule("mode/eks-mode-config-map", "M1", {
  certain: {
    "an attempt to give the caller an entry was refused for it": {
      on: tried(cliError("InvalidRequestException", "CreateAccessEntry", NEEDS_API)),
      evidence: [
        "accessConfig.authenticationMode is CONFIG_MAP.",
        "An attempt to grant the caller access with an access entry failed.",
        "aws-auth maps nodes only.",
      ],
      commands: fixes("type=namespace,namespaces=web"),
    },
    "an attempt to change the mode was refused": tried(
      cliError(
        "InvalidParameterException",
        "UpdateClusterConfig",
        "Unsupported authentication mode update from CONFIG_MAP to API",
      ),
    ),
    "asks for a newer platform before entries where it is too old": {
      on: {
        ...FAULT,
        ...cluster({
          version: "1.27",
          platformVersion: "eks.4",
          accessConfig: { authenticationMode: "CONFIG_MAP" },
        }),
      },
      commands: fixes("type=namespace,namespaces=web"),
    },
    "changes the mode alone for a type of entry that is for nodes": {
      on: {
        ...refusedCall(
          `aws eks create-access-entry --cluster-name lab --principal-arn ${NODE_ARN} --type EC2_LINUX`,
          cliError("InvalidRequestException", "CreateAccessEntry", NEEDS_API),
        ),
        ...mode("CONFIG_MAP"),
      },
      description: /^Enable access entries on the cluster/,
    },
  },
  likely: {
    "only the attempt says the mode": {
      on: {
        ...tried(cliError("InvalidRequestException", "CreateAccessEntry", NEEDS_API)),
        cluster: { failed: "AccessDeniedException" },
      },
      evidence: [
        "An attempt to grant the caller access with an access entry failed.",
        "aws-auth maps nodes only.",
      ],
    },
    "reads it from a refused access-entry call, and is less sure when DescribeCluster is denied": {
      on: refusedCall(
        `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
        cliError("InvalidRequestException", "CreateAccessEntry", NEEDS_API.replace(/^\w+: /, "")),
        { cluster: { failed: "AccessDeniedException" } },
      ),
      commands: fixes("type=cluster"),
    },
  },
  passed: {
    "the cluster uses access entries (E1)": unauthorized(NO_ENTRY),
  },
  notApplicable: {
    "the attempt was for somebody else": tried(NEEDS_API, OTHER_ARN),
    "the attempt was refused for another reason": tried("AccessDeniedException: no"),
    "everything works in this mode": healthyBundle(mode("CONFIG_MAP")),
    "a section of aws-auth is broken (A4)": { ...FAULT, awsAuth: { data: { mapRoles: "- rolearn: [" } } },
  },
  unknown: {
    "lines of aws-auth are left out": { on: { ...FAULT, excerpts: ["awsAuth"] }, missing: "awsAuth" },
    "nobody may read aws-auth: the caller may just be missing there": {
      on: { ...FAULT, awsAuth: { failed: "Unauthorized" } },
      missing: "awsAuth",
    },
  },
});
