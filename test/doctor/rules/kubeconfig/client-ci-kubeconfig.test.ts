import assert from "node:assert/strict";
import { clientCiKubeconfig } from "../../../../doctor/rules/kubeconfig/client-ci-kubeconfig.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { CLIENT_FAULTS } from "../../support/client-faults.ts";
import { awsExec, confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";
import { connectError, edited, stopped } from "../../support/kubeconfig-faults.ts";

const T6 = CLIENT_FAULTS["T6"] ?? healthyBundle();
const ci = { name: "github-actions" };

describe("client-ci-kubeconfig", () => {
  it("is likely of a profile that the job does not have, and explains that it is missing", () => {
    assert.deepEqual(verdicts(clientCiKubeconfig, T6), [
      {
        cause: "T6",
        stage: "kubeconfig",
        severity: "error",
        confidence: "likely",
        commands: ["aws eks update-kubeconfig --name lab --region eu-west-1"],
      },
    ]);
    assert.deepEqual(findingsOf(clientCiKubeconfig, T6)?.[0]?.explains, ["L3", "K1", "S2"]);
  });

  it("is likely of a path of somebody's machine", () => {
    const bundle = stopped(
      connectError("getting credentials: exec: fork/exec /Users/ada/bin/aws: no such file or directory"),
      {
        client: ci,
        ...edited(["command: aws", "command: /Users/ada/bin/aws"], [/env:[\s\S]*/, ""]),
        execCommand: { command: "/Users/ada/bin/aws", resolved: null },
      },
    );
    assert.deepEqual(confidences(clientCiKubeconfig, bundle), ["T6 likely"]);
  });

  it("is only possible, and inferred, of a role that the job should not assume", () => {
    const role = "arn:aws:iam::111122223333:role/Laptop";
    const bundle = unauthorized({ client: ci, ...awsExec({}, ["--role", role]) });
    const [found] = findingsOf(clientCiKubeconfig, bundle) ?? [];
    assert.deepEqual([found?.confidence, found?.inferred], ["possible", true]);
  });

  const silent = {
    "the same on a laptop": { ...T6, client: { name: "kubectl" } },
    "a job with its own kubeconfig": unauthorized({ client: ci, ...awsExec({}) }),
    "a job whose profiles are not known": { ...T6, awsConfig: { failed: "not collected" } },
    "a job that works": healthyBundle({ client: ci, ...awsExec({ AWS_PROFILE: "gone" }) }),
  };
  for (const [name, bundle] of Object.entries(silent)) {
    it(`is silent on ${name}`, () => {
      assert.deepEqual(findingsOf(clientCiKubeconfig, bundle), []);
    });
  }
});
