import assert from "node:assert/strict";
import { awsAuthSectionCase } from "../../../../doctor/rules/mapping/aws-auth-section-case.ts";
import { AWS_AUTH_FAULTS, line, NODE_LINE, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const FAULT = AWS_AUTH_FAULTS.A5;

describe("aws-auth-section-case", () => {
  it("moves the caller's line to the section that is read", () => {
    assert.deepEqual(verdicts(awsAuthSectionCase, FAULT), [
      {
        cause: "A5",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({ maproles: null, mapRoles: NODE_LINE + line(ROLE_ARN) }),
      },
    ]);
  });

  it("only warns when the ignored section has others", () => {
    const text = line("arn:aws:iam::111122223333:user/bob", "[developers]", "bob");
    assert.deepEqual(verdicts(awsAuthSectionCase, unmapped({ mapusers: text })), [
      {
        cause: "A5",
        stage: "mapping",
        severity: "warning",
        confidence: "certain",
        commands: patchCommands({ mapusers: null, mapUsers: text }),
      },
    ]);
  });

  it("leaves keys alone that are no sections", () => {
    assert.deepEqual(confidences(awsAuthSectionCase, unmapped({ notes: "ask Ada" })), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthSectionCase, healthyBundle()), []);
  });
});
