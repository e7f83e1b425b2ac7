import assert from "node:assert/strict";
import { eksModeStepRefused } from "../../../../doctor/rules/mode/eks-mode-step-refused.ts";
import { healthyBundle, without } from "../../support/bundle.ts";
import { findingsOf, verdicts } from "../../support/credential-case.ts";
import { cliError, mappingFault, refusedCall } from "../../support/mapping-faults.ts";

const step = (from: string, to: string) =>
  refusedCall(
    `aws eks update-cluster-config --name prod --region us-east-1 --access-config authenticationMode=${to}`,
    cliError(
      "InvalidParameterException",
      "UpdateClusterConfig",
      `Unsupported authentication mode update from ${from} to ${to}`,
    ),
  );

describe("eks-mode-step-refused", () => {
  it("goes both steps, and waits after each", () => {
    const place = "--name lab --region eu-west-1";
    assert.deepEqual(verdicts(eksModeStepRefused, mappingFault("M3")), [
      {
        cause: "M3",
        stage: "mode",
        severity: "error",
        confidence: "certain",
        commands: [
          `aws eks update-cluster-config ${place} --access-config authenticationMode=API_AND_CONFIG_MAP`,
          `aws eks wait cluster-active ${place}`,
          `aws eks update-cluster-config ${place} --access-config authenticationMode=API`,
          `aws eks wait cluster-active ${place}`,
        ],
      },
    ]);
  });

  for (const [from, to, why] of [
    ["API", "API_AND_CONFIG_MAP", "there is no way back"],
    ["API", "API", "it is in that mode already"],
    ["CONFIG_MAP", "API", "it must take one step at a time"],
  ] as const) {
    it(`explains ${from} to ${to}, for the cluster of the command`, () => {
      assert.equal(
        findingsOf(eksModeStepRefused, step(from, to))?.[0]?.summary,
        `Cluster prod cannot go from ${from} to ${to}: ${why}.`,
      );
    });
  }

  it("is silent about a legal step, which something else refuses (M6)", () => {
    assert.deepEqual(findingsOf(eksModeStepRefused, mappingFault("M6")), []);
  });

  it("is silent when everything works", () => {
    assert.deepEqual(findingsOf(eksModeStepRefused, healthyBundle()), []);
    assert.deepEqual(findingsOf(eksModeStepRefused, without(mappingFault("M3"), "question")), []);
  });
});
