import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS, associate } from "../../support/authorization-faults.ts";
import { ACCOUNT, entry, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { cliError, NO_ENTRY, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";

function failed(policyArn: string, changes: Partial<DoctorEvidence> = {}): DoctorEvidence {
  const command = `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn ${policyArn} --access-scope type=cluster`;
  const words = "The specified policyArn is invalid";
  return refusedCall(command, cliError("InvalidParameterException", "AssociateAccessPolicy", words), changes);
}

const NOT_FOUND =
  "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.";

/** The policy is associated before there is an entry of this ARN. */
function withoutEntry(principalArn: string, ...entries: readonly string[]): DoctorEvidence {
  return refusedCall(
    `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${principalArn} --policy-arn ${VIEW} --access-scope type=namespace,namespaces=web`,
    cliError("ResourceNotFoundException", "AssociateAccessPolicy", NOT_FOUND),
    { ...NO_ENTRY, accessEntries: { accessEntries: entries } },
  );
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
      summary: "AWS reserves AmazonEKSHybridPolicy for its own service-linked roles.",
    },
    "knows an ARN of another partition": {
      on: failed(VIEW.replace("aws:", "aws-cn:")),
      summary: `The policy ARN must be ${VIEW}, not ${VIEW.replace("aws:", "aws-cn:")}.`,
    },
    "knows the ARN of an IAM policy": {
      on: failed("arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
      summary: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy is not the ARN of an EKS access policy.",
    },
    "creates the missing access entry first, and associates no more than was asked for": {
      on: withoutEntry(ROLE_ARN),
      summary: `${ROLE_ARN} does not have an access entry in cluster lab, which the policy requires.`,
      commands: [
        `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
        `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --policy-arn ${VIEW} --access-scope type=namespace,namespaces=web`,
      ],
    },
    "leaves the association to Terraform, whose scope is not known": {
      on: refusedCall(
        "terraform apply",
        `│ Error: creating EKS Access Policy Association (prod#${ROLE_ARN}#${VIEW}): operation error EKS: AssociateAccessPolicy, https response error StatusCode: 404, ResourceNotFoundException: ${NOT_FOUND}`,
        { ...NO_ENTRY, client: { name: "terraform" } },
      ),
      commands: `aws eks create-access-entry --cluster-name prod --region eu-west-1 --principal-arn ${ROLE_ARN}`,
      description: /depends_on/,
    },
    "knows an entry with another path": {
      on: withoutEntry(`arn:aws:iam::${ACCOUNT}:role/Dev`, `arn:aws:iam::${ACCOUNT}:role/team/Dev`),
      summary: `The access entry in cluster lab is for arn:aws:iam::${ACCOUNT}:role/team/Dev, not for ${ROLE_ARN}.`,
      commands: `aws eks associate-access-policy --cluster-name lab --region eu-west-1 --principal-arn arn:aws:iam::${ACCOUNT}:role/team/Dev --policy-arn ${VIEW} --access-scope type=namespace,namespaces=web`,
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
