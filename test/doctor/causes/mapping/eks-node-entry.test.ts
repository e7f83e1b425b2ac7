import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { ACCOUNT, entry, without } from "../../support/bundle.ts";
import {
  cliError,
  mappingFault,
  NODE_ARN,
  nodesEntry,
  nodesFail,
  policies,
} from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const place = `--cluster-name lab --region eu-west-1 --principal-arn ${NODE_ARN}`;
const associate = `aws eks associate-access-policy ${place} --policy-arn arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy --access-scope type=cluster`;
const INSTANCE = `arn:aws:sts::${ACCOUNT}:assumed-role/NodeRole/i-0123456789abcdef0`;
const AUTO = { policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAutoNodePolicy" };
const WITH_POLICY = policies([{ ...AUTO, accessScope: { type: "cluster" } }], NODE_ARN);
const UNAUTHORIZED =
  'kubelet_node_status.go:92] "Unable to register node with API server" err="Unauthorized"';

function denied(user = INSTANCE): string {
  return `kubelet_node_status.go:106] "Unable to register node with API server" err="nodes is forbidden: User "${user}" cannot create resource "nodes" in API group "" at the cluster scope"`;
}

/** Somebody tries to give the entry the groups of nodes. */
function groupsRefused(changes: Partial<DoctorEvidence> = {}, more = ` --principal-arn ${NODE_ARN}`) {
  const message = "The kubernetes group name system:bootstrappers is invalid, it cannot start with system:";
  return nodesFail(cliError("InvalidParameterException", "UpdateAccessEntry", message), {
    question: {
      command: `aws eks update-access-entry --cluster-name lab --region eu-west-1${more}`,
      stderr: cliError("InvalidParameterException", "UpdateAccessEntry", message),
    },
    ...nodesEntry("STANDARD"),
    ...changes,
  });
}

/** Healthy entries of each kind of node, which fail for another reason. */
const HEALTHY: readonly (readonly [type: string, said: string])[] = [
  ["EC2_LINUX", UNAUTHORIZED],
  ["EC2_LINUX", "Karpenter v1.8 (EC2NodeClass, karpenter.k8s.aws/v1): Node not registered with cluster"],
  ["EC2_LINUX", "a node of the managed node group beside Auto Mode is NotReady"],
  ["EC2_WINDOWS", "the Windows node is NotReady"],
  ["EC2_WINDOWS", "ip-10-0-0-7   NotReady"],
  ["FARGATE_LINUX", "fargate-ip-10-0-0-7.ec2.internal   NotReady"],
  ["HYBRID_LINUX", "mi-0123456789abcdef0   NotReady"],
  ["HYBRID_LINUX", "the cluster is in Auto Mode, a hybrid node mi-0123456789abcdef0 is NotReady"],
  ["HYPERPOD_LINUX", "hyperpod-i-0123456789abcdef0   NotReady"],
];

testRule("mapping/eks-node-entry", "E14", {
  certain: {
    "nodes whom the cluster takes for users": {
      on: nodesFail(denied(), nodesEntry("STANDARD")),
      cause: "E6",
      summary: `The node access entry for ${NODE_ARN} in lab has type STANDARD, which is not for nodes.`,
      evidence: [
        /^DescribeAccessEntry reports type STANDARD, username arn:aws:sts::/,
        `The denial is for user "${INSTANCE}", not system:node:….`,
      ],
      commands: [
        `aws eks delete-access-entry ${place}`,
        `aws eks create-access-entry ${place} --type EC2_LINUX`,
      ],
      description:
        "Delete the access entry and create it with type EC2_LINUX (Windows nodes: EC2_WINDOWS; Auto Mode: EC2; hybrid nodes: HYBRID_LINUX), since the type cannot be changed. If users or CI jobs also use this role, create a separate role for the nodes instead.",
    },
    "an entry that cannot be given the groups of nodes": {
      on: [groupsRefused(), groupsRefused(entry({ principalArn: NODE_ARN }), "")],
      cause: "E6",
      explains: ["E8", "E6", "E5", "A10"],
    },
  },
  likely: {
    "Auto Mode without its policy": {
      on: mappingFault("E14"),
      summary: `The Auto Mode access entry for ${NODE_ARN} in lab does not have AmazonEKSAutoNodePolicy.`,
      evidence: [
        "DescribeAccessEntry reports type EC2, which EKS Auto Mode uses.",
        "Associated policies: none.",
      ],
      commands: associate,
    },
    "kubelets that get 401": {
      on: nodesFail(UNAUTHORIZED, nodesEntry("STANDARD")),
      cause: "E6",
      description: /^First confirm the cause, since the next fix cannot be undone\./,
    },
    "a denial alone": {
      on: without(nodesFail(denied(), {}), "accessEntryDetails", "accessEntries"),
      cause: "E6",
      inferred: true,
    },
    "a STANDARD entry for Auto Mode": {
      on: nodesFail(
        "NodeClass of eks.amazonaws.com/v1: Node not registered with cluster",
        nodesEntry("STANDARD"),
      ),
      cause: "E6",
      commands: [
        `aws eks delete-access-entry ${place}`,
        `aws eks create-access-entry ${place} --type EC2`,
        associate,
      ],
    },
    "EC2_LINUX for hybrid nodes, and the reverse": {
      on: [
        nodesFail(
          denied(INSTANCE.replace("/i-", "/mi-")),
          nodesEntry("EC2_LINUX", { username: "system:node:{{EC2PrivateDNSName}}" }),
        ),
        nodesFail(denied(), nodesEntry("HYBRID_LINUX")),
      ],
      cause: "E6",
    },
  },
  possible: {
    "EC2_LINUX for Auto Mode, one of Auto Mode for Karpenter, Linux for Windows, by words alone": {
      on: [
        nodesFail("Auto Mode: Node not registered with cluster", nodesEntry("EC2_LINUX")),
        nodesFail("EC2NodeClass default: Node not registered with cluster", nodesEntry("EC2")),
        nodesFail("the Windows node is NotReady", nodesEntry("EC2_LINUX")),
      ],
      cause: "E6",
      inferred: true,
    },
  },
  passed: {
    "a healthy entry of nodes that fail for another reason": [
      ...HEALTHY.map(([type, said]) => nodesFail(said, { ...nodesEntry(type), ...WITH_POLICY })),
      nodesFail("Auto Mode: the node is NotReady", { ...nodesEntry("EC2"), ...WITH_POLICY }),
    ],
  },
  notApplicable: {
    "no node fails": [
      { ...mappingFault("E14"), question: { command: "kubectl get pods -n web", exitCode: 0, stderr: "" } },
      mappingFault("E5"),
      mappingFault("E8"),
    ],
  },
  unknown: {
    "whether a user's entry is meant": {
      on: without(nodesFail(UNAUTHORIZED, entry({})), "callerIdentity", "selfSubjectReview"),
      missing: ["accessEntryDetails", "callerIdentity", "selfSubjectReview"],
    },
    "which policies it has": {
      on: nodesFail(UNAUTHORIZED, nodesEntry("EC2")),
      missing: "associatedPolicies",
    },
  },
});
