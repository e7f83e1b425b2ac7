import assert from "node:assert/strict";
import { healthyBundle, pluginFailed, unauthorized } from "../../support/bundle.ts";
import { edited, KUBECONFIG_FAULTS } from "../../support/kubeconfig-faults.ts";
import { findingsOf, testRule } from "../../support/test-rule.ts";

const named = (name: string) => edited(["--cluster-name, lab", `--cluster-name, ${JSON.stringify(name)}`]);

testRule("kubeconfig/plugin-arguments", "K17", {
  likely: {
    "an empty argument and a usage error": {
      on: KUBECONFIG_FAULTS.K17,
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
    "a 401 with what can be no cluster's name, which the fix does not repeat": {
      on: ["arn:aws:eks:eu-west-1:111122223333:cluster/lab", "-lab", "a b", `x${"y".repeat(100)}`].map(
        (name) => unauthorized(named(name)),
      ),
      commands:
        "aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab --profile dev",
    },
    "says that a token stands where the name belongs": {
      on: unauthorized(named("k8s-aws-v1.c4n4ry")),
      summary: "The exec block has a token in place of the cluster name.",
    },
  },
  possible: {
    "knows the words of AWS CLI 1, which ends otherwise": (
      [
        [1, "Either parameter --cluster-name or --cluster-id must be specified."],
        [2, "aws: error: argument operation: Invalid choice, valid choices are:"],
        [255, "Unknown options: --bogus, 1"],
      ] as const
    ).map(([exitCode, stderr]) => pluginFailed(stderr, { changes: { pluginRun: { exitCode, stderr } } })),
    "by the exit code alone": pluginFailed("aws: error", {
      changes: { pluginRun: { exitCode: 252, stderr: "aws: error" } },
    }),
  },
  passed: {
    "a valid name of another cluster, and other exit codes": [
      unauthorized(named("prod")),
      pluginFailed("Unable to locate credentials"),
    ],
  },
  notApplicable: {
    "the call works": healthyBundle(named("a b")),
  },
});

describe("plugin-arguments", () => {
  it("does not show a token that stands where the name belongs", () => {
    const findings = findingsOf("kubeconfig/plugin-arguments", unauthorized(named("k8s-aws-v1.c4n4ry")));
    assert.equal(findings.length, 1);
    assert.equal(JSON.stringify(findings).includes("c4n4ry"), false);
  });
});
