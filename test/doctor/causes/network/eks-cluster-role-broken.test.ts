import { ACCOUNT, healthyBundle, unauthorized } from "../../support/bundle.ts";
import { cluster, NETWORK_FAULTS } from "../../support/network-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const ROLE = `arn:aws:iam::${ACCOUNT}:role/lab-cluster`;
const health = (code: string) => cluster({ health: { issues: [{ code }] } });
const NOT_READY = { command: "kubectl get nodes", stderr: "ip-10-0-0-7.ec2.internal   NotReady" };

/** Terraform could not create the cluster. */
function notCreated(arn: string) {
  const stderr = `│ Error: creating EKS Cluster (lab): operation error EKS: CreateCluster, https response error StatusCode: 400, RequestID: 0, InvalidParameterException: Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`;
  return healthyBundle({ question: { command: "terraform apply", exitCode: 1, stderr } });
}

testRule("network/eks-cluster-role-broken", "N14", {
  certain: {
    "the cluster cannot be created with it": {
      on: notCreated(ROLE),
      summary: `EKS cannot use the cluster's IAM role ${ROLE}.`,
      audience: "iam-admin",
      commands: [
        "aws iam get-role --role-name lab-cluster --query Role.AssumeRolePolicyDocument",
        "aws iam attach-role-policy --role-name lab-cluster --policy-arn arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
        `aws iam create-role --role-name lab-cluster --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"eks.amazonaws.com"},"Action":"sts:AssumeRole"}]}'`,
        "aws iam attach-role-policy --role-name lab-cluster --policy-arn arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      ],
    },
    "nor with a service-linked role, which nobody can change": {
      on: notCreated(
        `arn:aws:iam::${ACCOUNT}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS`,
      ),
      commands: [],
    },
  },
  likely: {
    "the role was deleted, and the nodes are NotReady": {
      on: NETWORK_FAULTS["N14"] ?? healthyBundle(),
      evidence: [
        "DescribeCluster reports health issue IamRoleNotFound: The role of the cluster was not found.",
        `The cluster's role is ${ROLE}.`,
      ],
    },
    "the role lacks its policy": healthyBundle({ question: NOT_READY, ...health("AccessDenied") }),
    "no node is asked about": { on: healthyBundle(health("IamRoleNotFound")), severity: "warning" },
  },
  passed: {
    "the cluster has no such issue": [
      healthyBundle({ question: NOT_READY }),
      healthyBundle({ question: NOT_READY, ...health("StsRegionalEndpointDisabled") }),
    ],
  },
  notApplicable: {
    "a user is refused": unauthorized(health("IamRoleNotFound")),
  },
});
