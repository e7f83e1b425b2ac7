import assert from "node:assert/strict";
import { isProviderOf, trustPolicy } from "../../../../doctor/derive/identity/trust-policy.ts";

const DOCUMENT = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Federated: "arn:aws:iam::111122223333:oidc-provider/us.vouch.sh" },
    Action: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    Condition: { StringEquals: { "us.vouch.sh:aud": "https://us.vouch.sh" } },
  },
};
const ROLE = {
  Arn: "arn:aws:iam::111122223333:role/Dev",
  RoleId: "AROA1",
  CreateDate: "2025-01-01T00:00:00Z",
};

describe("trustPolicy", () => {
  const statement = {
    effect: "Allow",
    actions: ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
    federated: ["arn:aws:iam::111122223333:oidc-provider/us.vouch.sh"],
    aws: [],
    conditions: [{ operator: "StringEquals", key: "us.vouch.sh:aud", values: ["https://us.vouch.sh"] }],
  };
  const forms = {
    "an object": DOCUMENT,
    "JSON text": JSON.stringify(DOCUMENT),
    "URL-encoded JSON": encodeURIComponent(JSON.stringify(DOCUMENT)),
  };
  for (const [form, AssumeRolePolicyDocument] of Object.entries(forms)) {
    it(`reads ${form}`, () => {
      assert.deepEqual(trustPolicy({ ...ROLE, AssumeRolePolicyDocument }), [statement]);
    });
  }

  it("takes a bare * for everybody", () => {
    const AssumeRolePolicyDocument = {
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }],
    };
    assert.deepEqual(trustPolicy({ ...ROLE, AssumeRolePolicyDocument })?.[0]?.aws, ["*"]);
  });

  it("is unknown when it is not there, or is no policy", () => {
    assert.equal(trustPolicy(ROLE), undefined);
    assert.equal(trustPolicy({ ...ROLE, AssumeRolePolicyDocument: "%" }), undefined);
  });
});

describe("isProviderOf", () => {
  it("knows the server's own host and those of its organisations", () => {
    assert.equal(isProviderOf("us.vouch.sh", "https://us.vouch.sh/"), true);
    assert.equal(isProviderOf("acme-com.us.vouch.sh", "https://us.vouch.sh"), true);
    assert.equal(isProviderOf("evil-us.vouch.sh", "https://us.vouch.sh"), false);
  });
});
