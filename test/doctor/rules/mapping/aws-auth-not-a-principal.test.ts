import assert from "node:assert/strict";
import { awsAuthNotAPrincipal } from "../../../../doctor/rules/mapping/aws-auth-not-a-principal.ts";
import {
  AWS_AUTH_FAULTS,
  EDIT_COMMANDS,
  line,
  NODE_LINE,
  patchCommands,
  unmapped,
} from "../../support/aws-auth-faults.ts";
import { ACCOUNT, healthyBundle, ROLE_ARN } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { USER_CALLER } from "../../support/mapping-faults.ts";

describe("aws-auth-not-a-principal", () => {
  it("writes the role for the instance profile of the same name", () => {
    assert.deepEqual(verdicts(awsAuthNotAPrincipal, AWS_AUTH_FAULTS.A9), [
      {
        cause: "A9",
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

  it("is only possible for an IAM group, whose members nobody can see", () => {
    const mapUsers = line(`arn:aws:iam::${ACCOUNT}:group/developers`, "[developers]", "dev");
    assert.deepEqual(verdicts(awsAuthNotAPrincipal, unmapped({ mapUsers }, USER_CALLER)), [
      { cause: "A9", stage: "mapping", severity: "error", confidence: "possible", commands: EDIT_COMMANDS },
    ]);
  });

  it("warns of a Fargate profile", () => {
    const arn = `arn:aws:eks:eu-west-1:${ACCOUNT}:fargateprofile/lab/batch/8ec2c1f1`;
    const mapRoles = `${NODE_LINE}- rolearn: ${arn}\n  username: "system:node:{{SessionName}}"\n  groups: [system:nodes]\n`;
    assert.deepEqual(
      verdicts(awsAuthNotAPrincipal, unmapped({ mapRoles }))?.map(({ severity }) => severity),
      ["warning"],
    );
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthNotAPrincipal, healthyBundle()), []);
  });
});
