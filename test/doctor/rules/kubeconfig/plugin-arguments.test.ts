import assert from "node:assert/strict";
import { pluginArguments } from "../../../../doctor/rules/kubeconfig/plugin-arguments.ts";
import { healthyBundle } from "../../support/bundle.ts";
import {
  confidences,
  findingsOf,
  pluginFailed,
  unauthorized,
  verdicts,
} from "../../support/credential-case.ts";
import { edited, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";

const named = (name: string) => edited(["--cluster-name, lab", `--cluster-name, ${JSON.stringify(name)}`]);

describe("plugin-arguments", () => {
  it("is likely of an empty argument and a usage error", () => {
    assert.deepEqual(verdicts(pluginArguments, KUBECONFIG_FAULTS["K17"] ?? healthyBundle()), [
      {
        cause: "K17",
        stage: "kubeconfig",
        severity: "error",
        confidence: "likely",
        commands: [
          "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
        ],
      },
    ]);
  });

  for (const name of [
    "arn:aws:eks:eu-west-1:111122223333:cluster/lab",
    "-lab",
    "a b",
    `x${"y".repeat(100)}`,
  ]) {
    it(`is likely of a 401 with ${name.slice(0, 20)} for a cluster's name`, () => {
      assert.deepEqual(confidences(pluginArguments, unauthorized(named(name))), ["K17 likely"]);
    });
  }

  it("says that a token stands where the name belongs, without the token", () => {
    const [found] = findingsOf(pluginArguments, unauthorized(named("k8s-aws-v1.c4n4ry"))) ?? [];
    assert.equal(found?.summary, "The exec block has a token in place of the cluster's name.");
    assert.equal(JSON.stringify(found).includes("c4n4ry"), false);
  });

  it("is only possible by the exit code alone", () => {
    const bundle = pluginFailed("aws: error", {
      changes: { pluginRun: { exitCode: 252, stderr: "aws: error" } },
    });
    assert.deepEqual(confidences(pluginArguments, bundle), ["K17 possible"]);
  });

  it("is silent on a valid name of another cluster, on other exit codes, and where the call works", () => {
    assert.deepEqual(findingsOf(pluginArguments, unauthorized(named("prod"))), []);
    assert.deepEqual(findingsOf(pluginArguments, pluginFailed("Unable to locate credentials")), []);
    assert.deepEqual(findingsOf(pluginArguments, healthyBundle(named("a b"))), []);
  });
});
