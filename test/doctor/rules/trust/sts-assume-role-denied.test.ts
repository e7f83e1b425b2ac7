import assert from "node:assert/strict";
import { stsAssumeRoleDenied } from "../../../../doctor/rules/trust/sts-assume-role-denied.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, fixesOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const CALLER = "arn:aws:sts::444455556666:assumed-role/Hub/ada@example.com";
const DENIED = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`;

function trusting(Principal: unknown, Condition?: unknown) {
  const statement = {
    Effect: "Allow",
    Principal,
    Action: "sts:AssumeRole",
    ...(Condition === undefined ? {} : { Condition }),
  };
  const AssumeRolePolicyDocument = encodeURIComponent(
    JSON.stringify({ Version: "2012-10-17", Statement: [statement] }),
  );
  return {
    role: {
      Role: { Arn: ROLE_ARN, RoleId: "AROA1", CreateDate: "2025-01-01T00:00:00Z", AssumeRolePolicyDocument },
    },
  };
}

describe("sts-assume-role-denied", () => {
  it("fixes both sides, with the real names", () => {
    const bundle = pluginFailed(DENIED);
    assert.deepEqual(verdicts(stsAssumeRoleDenied, bundle), [
      {
        cause: "S1",
        stage: "trust",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws iam get-role --role-name Dev --query Role.AssumeRolePolicyDocument --output json > trust-before.json",
          "cp trust-before.json trust.json",
          "aws iam update-assume-role-policy --role-name Dev --policy-document file://trust.json",
          "aws iam put-role-policy --role-name Hub --policy-name assume-Dev --policy-document file://assume.json",
        ],
      },
    ]);
    assert.deepEqual(JSON.parse(fixesOf(stsAssumeRoleDenied, bundle)[0]?.text ?? ""), {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::444455556666:role/Hub" },
      Action: ["sts:AssumeRole"],
    });
  });

  const trusts = {
    "The trust policy of Dev names neither the caller nor its account.": trusting({
      AWS: "arn:aws:iam::444455556666:role/Other",
    }),
    "The trust policy of Dev names the caller: what is missing is the caller's own permission.": trusting({
      AWS: "444455556666",
    }),
    "The trust policy of Dev names the caller, under conditions: Bool aws:MultiFactorAuthPresent.": trusting(
      { AWS: "arn:aws:iam::444455556666:role/Hub" },
      { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    ),
  };
  for (const [sentence, changes] of Object.entries(trusts)) {
    it(`reads the role: “${sentence}”`, () => {
      const [finding] = findingsOf(stsAssumeRoleDenied, pluginFailed(DENIED, { changes })) ?? [];
      assert.equal(finding?.evidence.at(-1), sentence);
    });
  }

  it("finds an explicit deny, which no permission overrides", () => {
    const bundle = pluginFailed(`${DENIED} with an explicit deny in a service control policy`);
    const [finding] = findingsOf(stsAssumeRoleDenied, bundle) ?? [];
    assert.equal(
      finding?.summary,
      `arn:aws:iam::444455556666:role/Hub may not assume ${ROLE_ARN}: a service control policy denies it.`,
    );
    assert.deepEqual(
      fixesOf(stsAssumeRoleDenied, bundle).map(({ commands }) => commands),
      [[]],
    );
  });

  it("reads our own words for a hop of --via", () => {
    const words = `AWS refused sts:AssumeRole on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}.`;
    const [fix] = fixesOf(stsAssumeRoleDenied, pluginFailed(words, { vouch: true }));
    assert.deepEqual(JSON.parse(fix?.text ?? "").Action, [
      "sts:AssumeRole",
      "sts:SetSourceIdentity",
      "sts:TagSession",
    ]);
  });

  it("leaves a role that assumes itself, tags and web identity to their own rules", () => {
    for (const words of [
      DENIED.replace(CALLER, "arn:aws:sts::111122223333:assumed-role/Dev/ada"),
      DENIED.replace("sts:AssumeRole on", "sts:TagSession on"),
      "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity",
    ]) {
      assert.deepEqual(confidences(stsAssumeRoleDenied, pluginFailed(words)), []);
    }
  });
});
