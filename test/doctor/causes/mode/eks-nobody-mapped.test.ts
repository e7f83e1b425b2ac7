import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, ROLE_ARN, without } from "../../support/bundle.ts";
import { awsAuthWith, mappingFault, NODE_ARN } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const FAULT = mappingFault("M4");
/** A new entry with a policy. */
const letIn = (arn: string, policy: string, scope: string) => [
  `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${arn}`,
  `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${arn} --policy-arn arn:aws:eks::aws:cluster-access-policy/${policy} --access-scope type=${scope}`,
];
/** Whoever asks gets what was tried; who administers the cluster, an administrator chooses. */
const firstEntries = (arn: string) => [
  ...letIn(arn, "AmazonEKSViewPolicy", "namespace,namespaces=web"),
  ...letIn("ADMIN_ARN", "AmazonEKSClusterAdminPolicy", "cluster"),
];
const CALLER = "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com";
const OPS_ARN = `arn:aws:iam::${ACCOUNT}:role/Ops`;
const OPS_ENTRY = {
  accessEntries: { accessEntries: [OPS_ARN] },
  accessEntryDetails: [{ accessEntry: { principalArn: OPS_ARN, type: "STANDARD" } }],
};
/** The caller made the cluster, and somebody else has an entry today. */
const CREATOR_GONE: DoctorEvidence = {
  ...mappingFault("M5"),
  ...OPS_ENTRY,
  clusterCreator: { Arn: CALLER, source: "cloudtrail" },
};
const NEXT = { accessEntries: [NODE_ARN], nextToken: "eyJ0IjoxfQ" };
const both = cluster({
  accessConfig: { authenticationMode: "API_AND_CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: false },
});

testRule("mode/eks-nobody-mapped", "M4", {
  certain: {
    "the caller made the cluster, and their entry is gone (M5)": {
      on: CREATOR_GONE,
      cause: "M5",
      summary: "The caller created cluster lab, but the creator's access entry no longer exists.",
      evidence: [
        `CloudTrail reports that ${CALLER} created the cluster.`,
        /bootstrapClusterCreatorAdminPermissions is true/,
        "Now neither an access entry nor an aws-auth mapping matches the caller.",
      ],
      commands: letIn(ROLE_ARN, "AmazonEKSClusterAdminPolicy", "cluster"),
    },
    "takes neither nodes nor AWS's own roles for people": {
      ...FAULT,
      accessEntries: {
        accessEntries: [
          NODE_ARN,
          `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
        ],
      },
      accessEntryDetails: [{ accessEntry: { principalArn: NODE_ARN, type: "EC2_LINUX" } }],
    },
  },
  likely: {
    "only its name says that an entry is of nodes": {
      ...FAULT,
      accessEntries: { accessEntries: [`arn:aws:iam::${ACCOUNT}:role/lab-nodes`] },
    },
    "names a creator whose entry is gone (M5), never certain": {
      on: mappingFault("M5"),
      cause: "M5",
      commands: firstEntries(ROLE_ARN),
    },
    "is less sure when the cluster reads aws-auth and the doctor cannot": {
      ...FAULT,
      ...both,
      awsAuth: { failed: "Unauthorized" },
    },
    "is less sure when it is not known who asks": {
      on: without(FAULT, "callerIdentity"),
      commands: firstEntries("PRINCIPAL_ARN"),
    },
    "somebody's word says that the caller made the cluster": {
      on: { ...CREATOR_GONE, clusterCreator: { Arn: ROLE_ARN, source: "word" } },
      cause: "M5",
    },
  },
  passed: {
    "the creator's entry is there, and stale (E3)": {
      ...mappingFault("E3"),
      ...cluster({
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      }),
      clusterCreator: { Arn: CALLER, source: "cloudtrail" },
    },
    "somebody gets in": {
      ...FAULT,
      otherObservations: [{ differs: "Ben", exitCode: 0, callerIdentity: { Arn: OPS_ARN } }],
    },
    "aws-auth lets in somebody": {
      ...FAULT,
      ...both,
      ...awsAuthWith(`arn:aws:iam::${ACCOUNT}:role/Ops`, ["system:masters"]),
    },
  },
  notApplicable: {
    "how the cluster was made is not known": mappingFault("E1"),
  },
  unknown: {
    "the list is a first page": {
      on: { ...FAULT, accessEntries: NEXT },
      missing: "accessEntries",
    },
    "an entry of unknown type may be a person's (E1)": {
      on: { ...FAULT, accessEntries: { accessEntries: [ROLE_ARN.replace("Dev", "Builder")] } },
      missing: "accessEntryDetails",
    },
    "the entries are not known": {
      on: { ...FAULT, accessEntries: { failed: "denied" } },
      missing: ["accessEntries", "accessEntryDetails"],
    },
  },
});
