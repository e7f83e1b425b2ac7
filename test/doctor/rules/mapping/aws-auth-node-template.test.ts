import assert from "node:assert/strict";
import { awsAuthNodeTemplate } from "../../../../doctor/rules/mapping/aws-auth-node-template.ts";
import { AWS_AUTH_FAULTS, line, patchCommands, unmapped } from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, missingFor, verdicts } from "../../support/credential-case.ts";

const FAULT = AWS_AUTH_FAULTS.A12;

describe("aws-auth-node-template", () => {
  it("writes a username and groups for people", () => {
    assert.deepEqual(verdicts(awsAuthNodeTemplate, FAULT), [
      {
        cause: "A12",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles: `- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - GROUP\n`,
        }),
      },
    ]);
  });

  it("is only likely when it is not known that aws-auth maps the caller", () => {
    assert.deepEqual(confidences(awsAuthNodeTemplate, without(FAULT, "cluster")), ["A12 likely"]);
  });

  it("says nothing of a node, whose session is an instance", () => {
    const Arn = `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/i-0123456789abcdef0`;
    const callerIdentity = { Arn, Account: ACCOUNT, UserId: "AROAEXAMPLEEXAMPLE123:i-0123456789abcdef0" };
    assert.deepEqual(confidences(awsAuthNodeTemplate, { ...FAULT, callerIdentity }), []);
  });

  it("says nothing of a template for people", () => {
    assert.deepEqual(confidences(awsAuthNodeTemplate, unmapped({ mapRoles: line(ROLE_ARN) })), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthNodeTemplate, healthyBundle()), []);
  });

  it("is likely of somebody else when their call is refused, and cannot tell when nobody knows how it went", () => {
    const { question: _, ...rest } = FAULT;
    const asked = {
      ...rest,
      question: { principal: ROLE_ARN, stderr: "error: You must be logged in to the server (Unauthorized)" },
    };
    const administrator = {
      Arn: `arn:aws:iam::${ACCOUNT}:user/root-admin`,
      Account: ACCOUNT,
      UserId: "AIDAEXAMPLE",
    };
    assert.deepEqual(confidences(awsAuthNodeTemplate, { ...asked, callerIdentity: administrator }), [
      "A12 likely",
    ]);
    const unseen = { ...rest, question: { principal: ROLE_ARN }, callerIdentity: administrator };
    assert.ok(missingFor(awsAuthNodeTemplate, unseen).includes("callerIdentity"));
  });
});
