import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS, associate } from "../../support/authorization-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { cliError, entry, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

function failed(policyArn: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const command = `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn ${policyArn} --access-scope type=cluster`;
  const words = "The specified policyArn is invalid";
  return refusedCall(command, cliError("InvalidParameterException", "AssociateAccessPolicy", words), changes);
}

testRule("authorization/policy-association", "P9", {
  certain: {
    "writes the ARN with aws in the account field, and keeps the scope": {
      on: AUTHORIZATION_FAULTS.P9,
      commands: associate("View", "type=namespace,namespaces=web,ops"),
    },
    "says that the entry's type takes no policies": {
      on: failed(VIEW, entry({ type: "EC2_LINUX" })),
      summary: "An access entry of type EC2_LINUX cannot have access policies.",
    },
    "knows a policy of AWS's own by EKS's words alone": healthyBundle({
      question: {
        stderr: cliError(
          "InvalidParameterException",
          "AssociateAccessPolicy",
          "The specified policyArn can only be associated with service-linked roles",
        ),
      },
    }),
    "knows a policy that AWS keeps to itself": {
      on: failed(VIEW.replace("View", "Hybrid")),
      summary: "AWS keeps AmazonEKSHybridPolicy for its own service-linked roles.",
    },
    "knows an ARN of another partition": {
      on: failed(VIEW.replace("aws:", "aws-cn:")),
      summary: `The policy's ARN is ${VIEW}, not ${VIEW.replace("aws:", "aws-cn:")}.`,
    },
    "knows the ARN of an IAM policy": {
      on: failed("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
      summary: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy is not the ARN of an EKS access policy.",
    },
  },
  passed: {
    "the ARN is right": failed(VIEW),
  },
  notApplicable: {
    "it is another call": refusedCall(
      "aws eks describe-cluster --name lab",
      cliError("ResourceNotFoundException", "DescribeCluster", "No cluster found"),
    ),
  },
});
