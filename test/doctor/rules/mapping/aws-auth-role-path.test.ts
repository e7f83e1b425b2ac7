import assert from "node:assert/strict";
import { awsAuthRolePath } from "../../../../doctor/rules/mapping/aws-auth-role-path.ts";
import { AWS_AUTH_FAULTS, line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A2;

describe("aws-auth-role-path", () => {
  it("names the caller's line and writes it right", () => {
    assert.deepEqual(verdicts(awsAuthRolePath, FAULT), [
      {
        cause: "A2",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles:
            NODE_LINE +
            `- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("explains that nothing maps the caller", () => {
    assert.deepEqual(findingsOf(awsAuthRolePath, FAULT)?.[0]?.explains, ["A1", "E1", "M1"]);
  });

  it("warns of a line of somebody else", () => {
    const bundle = unmapped({
      mapRoles:
        NODE_LINE +
        line(
          `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Ops_0123456789abcdef`,
        ),
    });
    assert.deepEqual(verdicts(awsAuthRolePath, bundle), [
      {
        cause: "A2",
        stage: "mapping",
        severity: "warning",
        confidence: "certain",
        commands: patchCommands({
          mapRoles:
            NODE_LINE +
            `- rolearn: arn:aws:iam::${ACCOUNT}:role/AWSReservedSSO_Ops_0123456789abcdef\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("is only likely where the mode or the entries are not known", () => {
    assert.deepEqual(confidences(awsAuthRolePath, without(FAULT, "cluster")), ["A2 likely"]);
    assert.deepEqual(confidences(awsAuthRolePath, { ...FAULT, accessEntries: { failed: "denied" } }), [
      "A2 likely",
    ]);
  });

  it("says nothing without aws-auth, and where the mode ignores it", () => {
    assert.deepEqual(confidences(awsAuthRolePath, without(FAULT, "awsAuth")), []);
    assert.deepEqual(confidences(awsAuthRolePath, { ...FAULT, ...mode("API") }), []);
  });

  it("blames no role without path, whatever its case (A13, A16)", () => {
    for (const arn of [ROLE_ARN, ROLE_ARN.replace("Dev", "dev"), `arn:aws:iam::${ACCOUNT}:user/staff/ada`]) {
      assert.deepEqual(confidences(awsAuthRolePath, healthyBundle(awsAuthWith(arn, ["developers"]))), []);
    }
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(findingsOf(awsAuthRolePath, healthyBundle()), []);
  });
});
