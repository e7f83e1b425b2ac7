import assert from "node:assert/strict";
import { principalOf } from "../../../../doctor/eks/principal/principal.ts";
import { fillTemplate, isInstanceSession } from "../../../../doctor/eks/principal/username-template.ts";
import { ACCOUNT } from "../../support/bundle.ts";

function caller(session: string) {
  const found = principalOf({
    UserId: `AROAEXAMPLEEXAMPLE123:${session}`,
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/${session}`,
  });
  if (found === undefined) throw new Error("not a caller");
  return found;
}

/** Measured with aws-iam-authenticator 0.7.18 (doctor/EKS-ACCESS.md, "Username templates"). */
const FILLED = {
  "{{SessionName}}": "alice-example.com",
  "{{SessionNameRaw}}": "alice@example.com",
  "dev:{{AccountID}}:{{SessionName}}": `dev:${ACCOUNT}:alice-example.com`,
  "{{Foo}}": "{{Foo}}",
  plain: "plain",
};

describe("username templates", () => {
  for (const [template, name] of Object.entries(FILLED)) {
    it(`fills ${template}`, () => {
      assert.equal(fillTemplate(template, caller("alice@example.com")), name);
    });
  }

  for (const template of ["system:node:{{EC2PrivateDNSName}}", "{{AccessKeyID}}"]) {
    it(`does not guess ${template}`, () => {
      assert.equal(fillTemplate(template, caller("alice@example.com")), undefined);
    });
  }

  it("does not guess the session of somebody else", () => {
    assert.equal(fillTemplate("{{SessionName}}", { ...caller("x"), sessionName: undefined }), undefined);
  });

  it("has no session name for users", () => {
    assert.equal(
      fillTemplate("u:{{SessionName}}", { ...caller("x"), kind: "user", sessionName: undefined }),
      "u:",
    );
  });

  for (const [session, is] of [
    ["i-0123456789abcdef0", true],
    ["i-01234567", true],
    ["i-ada", false],
    ["alice@example.com", false],
  ] as const) {
    it(`${is ? "knows" : "does not take"} ${session} for an instance`, () => {
      assert.equal(isInstanceSession(caller(session)), is);
    });
  }
});
