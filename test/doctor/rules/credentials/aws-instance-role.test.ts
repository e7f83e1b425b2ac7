import assert from "node:assert/strict";
import { awsInstanceRole } from "../../../../doctor/rules/credentials/aws-instance-role.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { awsExec, confidences, unauthorized, verdicts } from "../../support/credential-case.ts";

const NODE = {
  UserId: "AROANODENODENODENODE1:i-0123456789abcdef0",
  Account: "111122223333",
  Arn: "arn:aws:sts::111122223333:assumed-role/Bastion/i-0123456789abcdef0",
};

function forbidden(user: string) {
  return {
    stderr: `Error from server (Forbidden): pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "web"`,
    exitCode: 1,
  };
}

describe("aws-instance-role", () => {
  it("is certain when the refusal names a node and the caller is an instance", () => {
    const bundle = healthyBundle({
      question: forbidden("system:node:ip-10-0-0-7.eu-west-1.compute.internal"),
      callerIdentity: NODE,
      ...awsExec({}),
    });
    assert.deepEqual(verdicts(awsInstanceRole, bundle), [
      {
        cause: "L8",
        stage: "credentials",
        severity: "error",
        confidence: "certain",
        commands: [
          "aws configure list-profiles",
          "kubectl config set-credentials lab --exec-env=AWS_PROFILE=PROFILE",
          "kubectl config set-credentials lab --exec-env=AWS_EC2_METADATA_DISABLED=true",
        ],
      },
    ]);
  });

  it("is likely on the refusal alone", () => {
    const { callerIdentity: _, ...bundle } = healthyBundle({
      question: forbidden("system:node:i-0123456789abcdef0"),
    });
    assert.deepEqual(confidences(awsInstanceRole, bundle), ["L8 likely"]);
  });

  it("is likely on a 401 when nobody maps the instance", () => {
    assert.deepEqual(confidences(awsInstanceRole, unauthorized({ callerIdentity: NODE })), ["L8 likely"]);
  });

  it("is silent for a person whose entry makes a node of them (E6), and for an instance that is let in", () => {
    const person = healthyBundle({ question: forbidden("system:node:ada") });
    assert.deepEqual(confidences(awsInstanceRole, person), []);
    const principalArn = "arn:aws:iam::111122223333:role/Bastion";
    const mapped = unauthorized({
      callerIdentity: NODE,
      accessEntries: { accessEntries: [principalArn] },
      accessEntryDetails: [{ accessEntry: { principalArn, type: "STANDARD", username: "bastion" } }],
    });
    assert.deepEqual(confidences(awsInstanceRole, mapped), []);
  });
});
