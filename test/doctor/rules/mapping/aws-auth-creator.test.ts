import assert from "node:assert/strict";
import { awsAuthCreator } from "../../../../doctor/rules/mapping/aws-auth-creator.ts";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  EDIT_COMMANDS,
  entryCommands,
  line,
  NODE_LINE,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";
import { mode } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A14;

describe("aws-auth-creator", () => {
  it("is possible, and no more, because the evidence does not tell who the creator is", () => {
    assert.deepEqual(verdicts(awsAuthCreator, FAULT), [
      {
        cause: "A14",
        stage: "mapping",
        severity: "error",
        confidence: "possible",
        commands: [...EDIT_COMMANDS, ...entryCommands("CONFIG_MAP")],
      },
    ]);
    assert.equal(findingsOf(awsAuthCreator, FAULT)?.[0]?.inferred, true);
  });

  it("is silent where aws-auth has an administrator, or the cluster reads access entries", () => {
    const mapRoles =
      NODE_LINE +
      line(ROLE_ARN, "[viewers]") +
      line("arn:aws:iam::111122223333:role/Ops", "[system:masters]");
    assert.deepEqual(confidences(awsAuthCreator, { ...FAULT, ...awsAuth({ mapRoles }) }), []);
    assert.deepEqual(confidences(awsAuthCreator, { ...FAULT, ...mode("API_AND_CONFIG_MAP") }), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthCreator, healthyBundle()), []);
  });
});
