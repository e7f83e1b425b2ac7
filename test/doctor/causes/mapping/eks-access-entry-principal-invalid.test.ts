import { ACCOUNT, ROLE_ARN } from "../../support/bundle.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const IN_VAIN = "The specified principalArn is invalid: invalid principal.";
const made = (arn: string, message = IN_VAIN) =>
  refusedCall(
    `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${arn}`,
    cliError("InvalidParameterException", "CreateAccessEntry", message),
  );

const SERVICE_LINKED = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/emr-containers.amazonaws.com/AWSServiceRoleForAmazonEMRContainers`;

/** Why EKS accepts no entry for an ARN. */
const refusedFor = (arn: string, why: string, message?: string) => ({
  on: made(arn, message),
  summary: `EKS does not accept an access entry for ${arn}: ${why}.`,
});

testRule("mapping/eks-access-entry-principal-invalid", "E2", {
  certain: {
    "creates the entry for the role of a session": {
      on: mappingFault("E2"),
      commands: `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
    },
    "asks IAM for the full ARN when it is not known": {
      on: made(`arn:aws:iam::${ACCOUNT}:role/Ops`),
      commands: [
        "aws iam get-role --role-name Ops --query Role.Arn --output text",
        "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ROLE_ARN",
      ],
    },
    "finds a missing path by what IAM says": {
      on: {
        ...made(ROLE_ARN),
        role: {
          Role: {
            Arn: `arn:aws:iam::${ACCOUNT}:role/teams/Dev`,
            RoleId: "AROAEXAMPLEEXAMPLE123",
            CreateDate: 0,
          },
        },
      },
      summary: `EKS does not accept an access entry for ${ROLE_ARN}: the role's path is missing or wrong.`,
    },
    "knows an IAM group": refusedFor(`arn:aws:iam::${ACCOUNT}:group/devs`, "an IAM group is not a principal"),
    "has no fix for a service-linked role": {
      on: [
        made(SERVICE_LINKED),
        made(
          SERVICE_LINKED,
          "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
        ),
      ],
      summary: `EKS does not accept an access entry for ${SERVICE_LINKED}: only AWS manages those of service-linked roles.`,
      commands: [],
    },
    "nor where only EKS's words are known": {
      on: refusedCall(
        "eksctl create accessentry",
        cliError(
          "InvalidParameterException",
          "CreateAccessEntry",
          "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
        ),
      ),
      summary: /^EKS does not accept an access entry for this role: only AWS manages/,
      commands: [],
    },
    "knows a role that does not exist": refusedFor(
      `arn:aws:iam::${ACCOUNT}:role/Ops`,
      "the role or user does not exist (yet), or its path is missing",
    ),
  },
});
