import type { ClusterCreator, DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, unauthorized, without } from "../../support/bundle.ts";
import { awsAuthWith, mappingFault, mode, NO_ENTRY, NODE_ARN } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ROOT = { UserId: "111122223333", Account: "111122223333", Arn: "arn:aws:iam::111122223333:root" };

const BY_ROOT: ClusterCreator = { Arn: ROOT.Arn, source: "cloudtrail" };
const NODE_ENTRY = { accessEntryDetails: [{ accessEntry: { principalArn: NODE_ARN, type: "EC2_LINUX" } }] };

/** A cluster that root made, whose caller nobody has let in, nor anybody else. */
function madeByRoot(changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  return unauthorized({ clusterCreator: BY_ROOT, ...mode("API"), ...NO_ENTRY, ...NODE_ENTRY, ...changes });
}

const HERE = "--cluster-name lab --region eu-west-1 --principal-arn";
const OPEN = [
  "aws eks update-cluster-config --name lab --region eu-west-1 --access-config authenticationMode=API_AND_CONFIG_MAP",
  "aws eks wait cluster-active --name lab --region eu-west-1",
];

/** Lets somebody view the namespace that was tried, or else administer the cluster. */
const letIn = (arn: string, open: readonly string[] = []) =>
  ["View|type=namespace,namespaces=web", "ClusterAdmin|type=cluster"].flatMap((meant) => {
    const [policy, scope] = meant.split("|");
    return [
      ...open,
      `aws eks create-access-entry ${HERE} ${arn}`,
      `aws eks associate-access-policy ${HERE} ${arn} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKS${policy}Policy --access-scope ${scope}`,
    ];
  });

testRule("credentials/aws-root-caller", "L16", {
  certain: {
    "nobody maps root": {
      on: unauthorized({ callerIdentity: ROOT }),
      commands: [...letIn("arn:aws:iam::111122223333:role/ROLE")],
    },
    "root made the cluster, and nobody has let in anybody": {
      on: madeByRoot(),
      summary: `The root user of account ${ACCOUNT} created the cluster, but the caller was not granted access: ${ROLE_ARN}.`,
      explains: ["E1", "A1", "M5"],
      evidence: [
        /^AWS identifies the caller as /,
        `CloudTrail reports that ${ROOT.Arn} created the cluster.`,
        "Neither an access entry nor an aws-auth mapping matches the caller.",
        "No other user has access to the cluster either.",
      ],
      commands: [...letIn(ROLE_ARN)],
    },
    "changes the mode first, where only aws-auth is read": {
      on: madeByRoot(mode("CONFIG_MAP")),
      commands: [...letIn(ROLE_ARN, OPEN)],
    },
  },
  likely: {
    "somebody's word says that root made it": {
      on: madeByRoot({ clusterCreator: { ...BY_ROOT, source: "word" } }),
      evidence: [
        /^AWS identifies/,
        `${ROOT.Arn} reportedly created the cluster.`,
        /^Neither/,
        /^No other user/,
      ],
    },
    "only its name says that the other entry is of nodes": {
      on: madeByRoot({ accessEntryDetails: [] }),
      evidence: [/^AWS identifies/, /^CloudTrail reports/, /^Neither/],
    },
    "root itself gets in another way": madeByRoot({
      accessEntryDetails: [],
      otherObservations: [{ differs: "as root", exitCode: 0, callerIdentity: ROOT }],
    }),
    "nobody answered: it would show next": {
      on: madeByRoot({ question: { stderr: "dial tcp 203.0.113.10:443: i/o timeout", exitCode: 1 } }),
      severity: "warning",
    },
    "while the mapping is unknown": without(
      unauthorized({ callerIdentity: ROOT }),
      "accessEntries",
      "accessEntryDetails",
      "awsAuth",
    ),
  },
  unknown: {
    "root made it, and the entries are not known": {
      on: madeByRoot({ accessEntries: { failed: "denied" }, accessEntryDetails: { failed: "denied" } }),
      missing: ["accessEntries", "accessEntryDetails"],
    },
  },
  notApplicable: {
    "root made it, and the caller is let in": healthyBundle({ clusterCreator: BY_ROOT }),
  },
  passed: {
    "root made it, and other people have been let in: the caller is just not among them": [
      madeByRoot({
        accessEntries: { accessEntries: [NODE_ARN, `arn:aws:iam::${ACCOUNT}:role/Ops`] },
        accessEntryDetails: [
          { accessEntry: { principalArn: `arn:aws:iam::${ACCOUNT}:role/Ops`, type: "STANDARD" } },
        ],
      }),
      madeByRoot({ ...mode("CONFIG_MAP"), ...awsAuthWith(`arn:aws:iam::${ACCOUNT}:role/Ops`, ["ops"]) }),
      madeByRoot({
        otherObservations: [
          {
            differs: "Ben",
            exitCode: 0,
            callerIdentity: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Ops/ben` },
          },
        ],
      }),
    ],
    "root made it, and the caller's entry is stale (E3)": [
      { ...mappingFault("E3"), clusterCreator: BY_ROOT },
      {
        ...mappingFault("E3"),
        clusterCreator: BY_ROOT,
        accessEntries: { accessEntries: [ROLE_ARN] },
        accessEntryDetails: [{ accessEntry: { principalArn: ROLE_ARN, createdAt: "2025-06-02T08:00:00Z" } }],
      },
    ],
    "somebody else made it": madeByRoot({ clusterCreator: { Arn: ROLE_ARN, source: "cloudtrail" } }),
    "aws-auth maps root": unauthorized({
      callerIdentity: ROOT,
      awsAuth: {
        data: { mapUsers: `- userarn: ${ROOT.Arn}\n  username: root\n  groups: [system:masters]\n` },
      },
    }),
  },
});
