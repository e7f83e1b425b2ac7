import assert from "node:assert/strict";
import { awsAuthNodeUsername } from "../../../../doctor/rules/mapping/aws-auth-node-username.ts";
import { AWS_AUTH_FAULTS, awsAuth, line, patchCommands } from "../../support/aws-auth-faults.ts";
import { healthyBundle, ROLE_ARN, without } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";
import { NODE_ARN } from "../../support/mapping-faults.ts";

const FAULT = AWS_AUTH_FAULTS.A17;

describe("aws-auth-node-username", () => {
  it("restores the template, and is never certain", () => {
    assert.deepEqual(verdicts(awsAuthNodeUsername, FAULT), [
      {
        cause: "A17",
        stage: "mapping",
        severity: "error",
        confidence: "likely",
        commands: patchCommands({
          mapRoles: `- rolearn: ${NODE_ARN}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [ system:bootstrappers, system:nodes ]\n- rolearn: ${ROLE_ARN}\n  username: "Dev:{{SessionName}}"\n  groups: [ system:masters ]\n`,
        }),
      },
    ]);
  });

  it("only warns when the failure is not about nodes", () => {
    assert.deepEqual(
      verdicts(awsAuthNodeUsername, without(FAULT, "question"))?.map(({ severity }) => severity),
      ["warning"],
    );
  });

  it("knows the names of Fargate's nodes", () => {
    const mapRoles = line(
      NODE_ARN,
      "[system:bootstrappers, system:nodes, system:node-proxier]",
      '"system:node:{{SessionName}}"',
    );
    assert.deepEqual(confidences(awsAuthNodeUsername, healthyBundle(awsAuth({ mapRoles }))), []);
  });

  it("is silent on a healthy context", () => {
    assert.deepEqual(confidences(awsAuthNodeUsername, healthyBundle()), []);
  });
});
