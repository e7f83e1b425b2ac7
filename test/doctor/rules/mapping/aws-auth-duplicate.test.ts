import assert from "node:assert/strict";
import { awsAuthDuplicate } from "../../../../doctor/rules/mapping/aws-auth-duplicate.ts";
import {
  AWS_AUTH_FAULTS,
  awsAuth,
  DEV_USER,
  EDIT_COMMANDS,
  groupsOf,
  line,
  NODE_LINE,
  patchCommands,
  refused,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("aws-auth-duplicate", () => {
  it("removes the last line, which takes system:masters from the caller", () => {
    assert.deepEqual(verdicts(awsAuthDuplicate, AWS_AUTH_FAULTS.A8), [
      {
        cause: "A8",
        stage: "mapping",
        severity: "error",
        confidence: "certain",
        commands: patchCommands({
          mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ system:masters ]\n`,
        }),
      },
    ]);
  });

  it("is only likely when the lost group need not have granted it", () => {
    const mapRoles = NODE_LINE + line(ROLE_ARN, "[deployers]") + line(ROLE_ARN, "[viewers]");
    const bundle = refused(DEV_USER, { mapRoles }, groupsOf(DEV_USER, "viewers"));
    assert.deepEqual(confidences(awsAuthDuplicate, bundle), ["A8 likely"]);
  });

  it("only warns where nobody is refused for it", () => {
    const mapRoles = NODE_LINE + line(ROLE_ARN, "[deployers]") + line(ROLE_ARN, "[viewers]");
    assert.deepEqual(verdicts(awsAuthDuplicate, healthyBundle(awsAuth({ mapRoles }))), [
      { cause: "A8", stage: "mapping", severity: "warning", confidence: "certain", commands: EDIT_COMMANDS },
    ]);
  });

  it("accepts the same line twice, word for word", () => {
    const mapRoles = NODE_LINE + line(ROLE_ARN) + line(ROLE_ARN);
    assert.deepEqual(confidences(awsAuthDuplicate, healthyBundle(awsAuth({ mapRoles }))), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthDuplicate, healthyBundle()), []);
  });
});
