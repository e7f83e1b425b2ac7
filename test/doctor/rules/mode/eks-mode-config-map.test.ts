import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle, ROLE_ARN, unauthorized } from "../../support/bundle.ts";
import {
  awsAuthWith,
  cliError,
  mappingFault,
  mode,
  NEEDS_API,
  NO_ENTRY,
  refusedCall,
} from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const fixes = (scope: string) => [
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
        "Somebody tried to let the caller in by an access entry.",
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
    "names the mode of a cluster whose aws-auth has nodes only": {
      on: FAULT,
      commands: fixes("type=namespace,namespaces=web"),
    },
    "asks for a newer platform first where it is too old": {
      on: {
        ...FAULT,
        ...cluster({
          version: "1.27",
          platformVersion: "eks.4",
          accessConfig: { authenticationMode: "CONFIG_MAP" },
        }),
      },
      description:
        "First upgrade the cluster: entries need platform eks.10 of Kubernetes 1.27, it has eks.4.",
    },
  },
  likely: {
    "only the attempt says the mode": {
      on: {
        ...tried(cliError("InvalidRequestException", "CreateAccessEntry", NEEDS_API)),
        cluster: { failed: "AccessDeniedException" },
      },
      evidence: ["Somebody tried to let the caller in by an access entry.", "aws-auth maps nodes only."],
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
    "the cluster reads access entries (E1)": unauthorized(NO_ENTRY),
    "the mode was changed after the refusal": refusedCall(
      "aws eks list-access-entries --cluster-name lab",
      NEEDS_API,
    ),
  },
  notApplicable: {
    "the attempt was for somebody else": tried(NEEDS_API, OTHER_ARN),
    "the attempt was refused for another reason": tried("AccessDeniedException: no"),
    "everything works in this mode": healthyBundle(mode("CONFIG_MAP")),
    "aws-auth maps the caller": { ...FAULT, ...awsAuthWith(ROLE_ARN, ["developers"]) },
    "aws-auth maps other people (A1)": { ...FAULT, ...awsAuthWith(ROLE_ARN.replace("Dev", "Ops"), ["ops"]) },
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
