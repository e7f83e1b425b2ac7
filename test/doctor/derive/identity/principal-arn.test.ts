import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import { principalArn } from "../../../../doctor/derive/identity/principal-arn.ts";
import {
  ACCOUNT,
  awsConfig,
  healthyBundle,
  healthyVouchBundle,
  kubeconfigText,
  ROLE_ARN,
  VOUCH_EXEC,
} from "../../support/bundle.ts";
import {
  NEW_SSO,
  NO_ENTRY,
  OLD_SSO,
  SSO_CALLER,
  SSO_PATH,
  USER_ARN,
  USER_CALLER,
} from "../../support/mapping-faults.ts";

const NO_ROLE = { ...NO_ENTRY, role: { failed: "denied" } };
const withPath = `arn:aws:iam::${ACCOUNT}:role/teams/Dev`;

function arnIn(bundle: Parameters<typeof deriveFacts>[0]): string {
  const facts = deriveFacts(bundle);
  if (facts.principal === undefined) throw new Error("no principal");
  return principalArn(facts, facts.principal);
}

describe("principalArn", () => {
  it("takes the path from IAM, from the entry, or from our own arguments", () => {
    const role = { Role: { Arn: withPath, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: 0 } };
    assert.equal(arnIn(healthyBundle({ ...NO_ENTRY, role })), withPath);
    assert.equal(
      arnIn(healthyBundle({ ...NO_ROLE, accessEntries: { accessEntries: [withPath] } })),
      withPath,
    );
    const text = kubeconfigText(VOUCH_EXEC.replace(ROLE_ARN, withPath));
    assert.equal(
      arnIn(healthyVouchBundle({ ...NO_ROLE, kubeconfig: { files: [{ path: "/k", text }] } })),
      withPath,
    );
  });

  it("does not take another role's", () => {
    const role = { Role: { Arn: `${withPath}Other`, RoleId: "AROAEXAMPLEEXAMPLE123", CreateDate: 0 } };
    assert.equal(arnIn(healthyBundle({ ...NO_ENTRY, role })), ROLE_ARN);
  });

  it("knows Identity Center's path by another of its roles, or by the profiles", () => {
    const own = (path: string) => `arn:aws:iam::${ACCOUNT}:role/${path}${NEW_SSO}`;
    const other = { accessEntries: { accessEntries: [`${SSO_PATH}/${OLD_SSO}`] } };
    assert.equal(
      arnIn(healthyBundle({ ...NO_ROLE, ...SSO_CALLER, ...other })),
      own("aws-reserved/sso.amazonaws.com/eu-west-1/"),
    );
    for (const [region, path] of [
      ["eu-north-1", "aws-reserved/sso.amazonaws.com/eu-north-1/"],
      ["us-east-1", "aws-reserved/sso.amazonaws.com/"],
      ["us-east-1\nsso_region = eu-west-1", "aws-reserved/sso.amazonaws.com/SSO_REGION/"],
    ] as const) {
      const config = awsConfig(`[sso-session corp]\nsso_region = ${region}\n`);
      assert.equal(arnIn(healthyBundle({ ...NO_ROLE, ...SSO_CALLER, ...config })), own(path));
    }
  });

  it("is the ARN itself for users, and leaves a gap for Identity Center's region", () => {
    assert.equal(arnIn(healthyBundle({ ...NO_ROLE, ...USER_CALLER })), USER_ARN);
    assert.equal(
      arnIn(healthyBundle({ ...NO_ROLE, ...SSO_CALLER })),
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/SSO_REGION/${NEW_SSO}`,
    );
  });
});
