import assert from "node:assert/strict";
import { eksAccessEntryPrincipalInvalid } from "../../../../doctor/rules/mapping/eks-access-entry-principal-invalid.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";

const IN_VAIN = "The specified principalArn is invalid: invalid principal.";
const made = (arn: string, message = IN_VAIN) =>
  refusedCall(
    `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${arn}`,
    cliError("InvalidParameterException", "CreateAccessEntry", message),
  );

describe("eks-access-entry-principal-invalid", () => {
  it("creates the entry for the role of a session", () => {
    assert.deepEqual(verdicts(eksAccessEntryPrincipalInvalid, mappingFault("E2")), [
      {
        cause: "E2",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN}`,
        ],
      },
    ]);
  });

  it("asks IAM for the full ARN when it is not known", () => {
    assert.deepEqual(
      verdicts(eksAccessEntryPrincipalInvalid, made(`arn:aws:iam::${ACCOUNT}:role/Ops`))?.[0]?.commands,
      [
        "aws iam get-role --role-name Ops --query Role.Arn --output text",
        "aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ROLE_ARN",
      ],
    );
  });

  for (const [arn, message, why] of [
    [`arn:aws:iam::${ACCOUNT}:group/devs`, IN_VAIN, "an IAM group is no principal"],
    [
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x.amazonaws.com/X`,
      "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
      "service-linked roles belong to AWS",
    ],
    [
      `arn:aws:iam::${ACCOUNT}:role/Ops`,
      IN_VAIN,
      "no such role or user exists (yet), or its path is missing",
    ],
  ] as const) {
    it(`says why: ${why}`, () => {
      assert.equal(
        findingsOf(eksAccessEntryPrincipalInvalid, made(arn, message))?.[0]?.summary,
        `EKS takes no entry for ${arn}: ${why}.`,
      );
    });
  }

  it("finds a missing path by what IAM says", () => {
    const real = `arn:aws:iam::${ACCOUNT}:role/teams/Dev`;
    const bundle = {
      ...made(ROLE_ARN),
      role: { Role: { Arn: real, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: 0 } },
    };
    assert.equal(
      findingsOf(eksAccessEntryPrincipalInvalid, bundle)?.[0]?.summary,
      `EKS takes no entry for ${ROLE_ARN}: the role's path is missing or wrong.`,
    );
  });

  it("reads Terraform's words", () => {
    const words = `│ Error: creating EKS Access Entry (prod:arn:aws:iam::${ACCOUNT}:role/Ops): operation error EKS: CreateAccessEntry, https response error StatusCode: 400, RequestID: 0, InvalidParameterException: ${IN_VAIN}`;
    const bundle = refusedCall("terraform apply", words, { client: { name: "terraform" } });
    assert.deepEqual(
      verdicts(eksAccessEntryPrincipalInvalid, bundle)?.[0]?.commands[1],
      "aws eks create-access-entry --cluster-name prod --region eu-west-1 --principal-arn ROLE_ARN",
    );
  });

  it("is silent otherwise", () => {
    assert.deepEqual(findingsOf(eksAccessEntryPrincipalInvalid, healthyBundle()), []);
    assert.deepEqual(findingsOf(eksAccessEntryPrincipalInvalid, mappingFault("E7")), []);
  });
});
