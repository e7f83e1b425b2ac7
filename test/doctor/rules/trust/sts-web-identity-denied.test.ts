import assert from "node:assert/strict";
import { stsWebIdentityDenied } from "../../../../doctor/rules/trust/sts-web-identity-denied.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import {
  awsConfig,
  awsExec,
  confidences,
  findingsOf,
  pluginFailed,
  verdicts,
} from "../../support/credential-case.ts";

const OURS = `AWS refused sts:AssumeRoleWithWebIdentity on ${ROLE_ARN} (sts.eu-west-1.amazonaws.com): AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity.`;
const ALL = ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"];

function trusting(host: string, Action: readonly string[], Condition: unknown) {
  const Statement = {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
    Action,
    Condition,
  };
  const AssumeRolePolicyDocument = { Version: "2012-10-17", Statement };
  return {
    role: {
      Role: { Arn: ROLE_ARN, RoleId: "AROA1", CreateDate: "2025-01-01T00:00:00Z", AssumeRolePolicyDocument },
    },
  };
}

describe("sts-web-identity-denied", () => {
  it("names the role, the person and the server", () => {
    const bundle = pluginFailed(OURS, { vouch: true });
    assert.equal(
      findingsOf(stsWebIdentityDenied, bundle)?.[0]?.summary,
      `Role ${ROLE_ARN} does not trust the ID token of ada@example.com from https://us.vouch.sh.`,
    );
    assert.deepEqual(verdicts(stsWebIdentityDenied, bundle), [
      {
        cause: "S3",
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
  });

  const gaps = {
    "Its trust policy names no identity provider of https://us.vouch.sh, but eu.vouch.sh.": trusting(
      "eu.vouch.sh",
      ALL,
      {},
    ),
    "Its trust policy does not allow sts:TagSession.": trusting("us.vouch.sh", ALL.slice(0, 2), {}),
    "Its trust policy wants StringEquals us.vouch.sh:sub grace@example.com, not ada@example.com.": trusting(
      "us.vouch.sh",
      ALL,
      {
        StringEquals: { "us.vouch.sh:sub": "grace@example.com" },
      },
    ),
    "Its trust policy wants StringLike acme-com.us.vouch.sh:sub *@acme.com, not ada@example.com.": trusting(
      "acme-com.us.vouch.sh",
      ["sts:*"],
      { StringLike: { "acme-com.us.vouch.sh:sub": "*@acme.com" } },
    ),
  };
  for (const [sentence, changes] of Object.entries(gaps)) {
    it(`reads the role: “${sentence}”`, () => {
      const [finding] = findingsOf(stsWebIdentityDenied, pluginFailed(OURS, { vouch: true, changes })) ?? [];
      assert.deepEqual(finding?.evidence.slice(1), [sentence]);
    });
  }

  it("sees no gap in a policy that fits", () => {
    const changes = trusting("us.vouch.sh", ALL, { StringLike: { "us.vouch.sh:sub": "*@example.com" } });
    const [finding] = findingsOf(stsWebIdentityDenied, pluginFailed(OURS, { vouch: true, changes })) ?? [];
    assert.equal(finding?.evidence.length, 1);
  });

  it("does for a CI job's token too, without a Vouch server", () => {
    const words =
      "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity";
    const changes = {
      ...awsExec({}),
      ...awsConfig(
        "[default]\nrole_arn = arn:aws:iam::111122223333:role/Ci\nweb_identity_token_file = /run/token\n",
      ),
    };
    assert.equal(
      findingsOf(stsWebIdentityDenied, pluginFailed(words, { changes }))?.[0]?.summary,
      "Role arn:aws:iam::111122223333:role/Ci does not trust the web identity token.",
    );
  });

  it("leaves a missing provider to its own rule", () => {
    const words = OURS.replace(
      "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
      "InvalidIdentityToken: No OpenIDConnect provider found in your account for https://us.vouch.sh",
    );
    assert.deepEqual(confidences(stsWebIdentityDenied, pluginFailed(words, { vouch: true })), []);
  });
});
