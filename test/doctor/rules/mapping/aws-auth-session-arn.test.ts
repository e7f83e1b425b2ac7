import assert from "node:assert/strict";
import { awsAuthSessionArn } from "../../../../doctor/rules/mapping/aws-auth-session-arn.ts";
import { AWS_AUTH_FAULTS, line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { awsAuthWith, mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A3;

describe("aws-auth-session-arn", () => {
  it("names the caller's line and writes it right", () => {
    assert.deepEqual(verdicts(awsAuthSessionArn, FAULT), [
      {
        cause: "A3",
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
    assert.deepEqual(findingsOf(awsAuthSessionArn, FAULT)?.[0]?.explains, ["A1", "E1", "M1"]);
  });

  it("warns of a line of somebody else", () => {
    const bundle = unmapped({ mapRoles: NODE_LINE + line(`arn:aws:sts::${ACCOUNT}:assumed-role/Ops/bob`) });
    assert.deepEqual(verdicts(awsAuthSessionArn, bundle), [
      {
        cause: "A3",
        stage: "mapping",
        severity: "warning",
        confidence: "certain",
        commands: patchCommands({
          mapRoles:
            NODE_LINE +
            `- rolearn: arn:aws:iam::${ACCOUNT}:role/Ops\n  username: "Dev:{{SessionName}}"\n  groups: [ developers ]\n`,
        }),
      },
    ]);
  });

  it("is only likely where the mode or the entries are not known", () => {
    assert.deepEqual(confidences(awsAuthSessionArn, without(FAULT, "cluster")), ["A3 likely"]);
    assert.deepEqual(confidences(awsAuthSessionArn, { ...FAULT, accessEntries: { failed: "denied" } }), [
      "A3 likely",
    ]);
  });

  it("says nothing without aws-auth, and where the mode ignores it", () => {
    assert.deepEqual(confidences(awsAuthSessionArn, without(FAULT, "awsAuth")), []);
    assert.deepEqual(confidences(awsAuthSessionArn, { ...FAULT, ...mode("API") }), []);
  });

  it("blames no role named like a session", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/assumed-role`;
    assert.deepEqual(confidences(awsAuthSessionArn, healthyBundle(awsAuthWith(arn, ["developers"]))), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(findingsOf(awsAuthSessionArn, healthyBundle()), []);
  });
});
