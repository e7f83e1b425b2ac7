import assert from "node:assert/strict";
import { awsAuthPlaceholder } from "../../../../doctor/rules/mapping/aws-auth-placeholder.ts";
import {
  AWS_AUTH_FAULTS,
  DEV_USER,
  EDIT_COMMANDS,
  groupsOf,
  line,
  NODE_LINE,
  patchCommands,
  refused,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("aws-auth-placeholder", () => {
  it("takes the brackets off the caller's line, and is never certain", () => {
    assert.deepEqual(verdicts(awsAuthPlaceholder, AWS_AUTH_FAULTS.A15), [
      {
        cause: "A15",
        stage: "mapping",
        severity: "error",
        confidence: "likely",
        commands: patchCommands({
          mapRoles: `${NODE_LINE}- rolearn: ${ROLE_ARN}\n  username: Dev:{{SessionName}}\n  groups:\n    - developers\n`,
        }),
      },
    ]);
  });

  it("finds a group in brackets when the caller is refused", () => {
    const bundle = refused(
      DEV_USER,
      { mapRoles: NODE_LINE + line(ROLE_ARN, "[<developers>]") },
      groupsOf(DEV_USER, "<developers>"),
    );
    assert.deepEqual(confidences(awsAuthPlaceholder, bundle), ["A15 likely"]);
  });

  it("warns of a line whose placeholder says nothing", () => {
    const mapRoles = NODE_LINE + line('"<ARN of instance role (not instance profile)>"');
    assert.deepEqual(verdicts(awsAuthPlaceholder, unmapped({ mapRoles })), [
      { cause: "A15", stage: "mapping", severity: "warning", confidence: "likely", commands: EDIT_COMMANDS },
    ]);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthPlaceholder, healthyBundle()), []);
  });
});
