import assert from "node:assert/strict";
import { stsRoleAssumesItself } from "../../../../doctor/rules/trust/sts-role-assumes-itself.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { awsExec, confidences, pluginFailed, verdicts } from "../../support/credential-case.ts";

const ITSELF = `An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111122223333:assumed-role/Dev/ci is not authorized to perform: sts:AssumeRole on resource: ${ROLE_ARN}`;

describe("sts-role-assumes-itself", () => {
  it("takes the role out of the entry, and nothing else", () => {
    const changes = awsExec({}, ["--role", ROLE_ARN]);
    assert.deepEqual(verdicts(stsRoleAssumesItself, pluginFailed(ITSELF, { changes })), [
      {
        cause: "S2",
        stage: "trust",
        severity: "error",
        confidence: "certain",
        commands: [
          "kubectl config set-credentials lab --exec-arg=--region --exec-arg=eu-west-1 --exec-arg=eks --exec-arg=get-token --exec-arg=--cluster-name --exec-arg=lab --exec-arg=--output --exec-arg=json",
        ],
      },
    ]);
  });

  it("compares the account too", () => {
    const words = ITSELF.replace("sts::111122223333", "sts::444455556666");
    assert.deepEqual(confidences(stsRoleAssumesItself, pluginFailed(words)), []);
  });
});
