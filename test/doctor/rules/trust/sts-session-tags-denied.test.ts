import assert from "node:assert/strict";
import { stsSessionTagsDenied } from "../../../../doctor/rules/trust/sts-session-tags-denied.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, fixesOf, pluginFailed, verdicts } from "../../support/credential-case.ts";

const OURS = `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: Not authorized to perform sts:TagSession.`;

describe("sts-session-tags-denied", () => {
  it("writes the whole statement for a Vouch login", () => {
    const bundle = pluginFailed(OURS, { vouch: true });
    assert.deepEqual(verdicts(stsSessionTagsDenied, bundle), [
      {
        cause: "S5",
        stage: "trust",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws iam get-role --role-name Dev --query Role.AssumeRolePolicyDocument --output json > trust-before.json",
          "cp trust-before.json trust.json",
          "aws iam update-assume-role-policy --role-name Dev --policy-document file://trust.json",
        ],
      },
    ]);
    assert.deepEqual(JSON.parse(fixesOf(stsSessionTagsDenied, bundle)[0]?.text ?? ""), {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/us.vouch.sh" },
      Action: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"],
      Condition: {
        StringEquals: { "us.vouch.sh:aud": "https://us.vouch.sh", "us.vouch.sh:sub": "ada@example.com" },
      },
    });
  });

  it("names the caller of an AssumeRole", () => {
    const words = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:SetSourceIdentity on resource: ${ROLE_ARN}`;
    const [finding] = findingsOf(stsSessionTagsDenied, pluginFailed(words)) ?? [];
    assert.equal(
      finding?.summary,
      `The trust policy of ${ROLE_ARN} does not allow sts:SetSourceIdentity, which the login needs.`,
    );
    assert.deepEqual(
      JSON.parse(fixesOf(stsSessionTagsDenied, pluginFailed(words))[0]?.text ?? "").Principal,
      {
        AWS: "arn:aws:iam::111122223333:user/ci",
      },
    );
  });

  it("is silent when the role itself is denied", () => {
    const words = OURS.replace("perform sts:TagSession", "perform sts:AssumeRoleWithWebIdentity");
    assert.deepEqual(confidences(stsSessionTagsDenied, pluginFailed(words, { vouch: true })), []);
  });
});
