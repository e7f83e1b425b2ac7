import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { mode, NEEDS_API } from "../../support/mapping-faults.ts";
import { cluster } from "../../support/network-faults.ts";

function authenticationModeOf(bundle: DoctorEvidence): string | undefined {
  return deriveFacts(bundle).authenticationMode;
}

const DENIED = { cluster: { failed: "AccessDeniedException" } };

describe("authenticationModeOf", () => {
  it("is what DescribeCluster says", () => {
    assert.equal(authenticationModeOf(healthyBundle(mode("API"))), "API");
  });

  it("is CONFIG_MAP when access-entry calls are refused for it", () => {
    assert.equal(
      authenticationModeOf(healthyBundle({ ...DENIED, accessEntries: { failed: NEEDS_API } })),
      "CONFIG_MAP",
    );
    assert.equal(
      authenticationModeOf(healthyBundle({ ...DENIED, question: { stderr: NEEDS_API } })),
      "CONFIG_MAP",
    );
  });

  it("believes DescribeCluster more than an older refusal", () => {
    assert.equal(
      authenticationModeOf(healthyBundle({ ...mode("API"), question: { stderr: NEEDS_API } })),
      "API",
    );
  });

  it("is not known from a list, nor from a cluster without the field", () => {
    assert.equal(authenticationModeOf(healthyBundle(DENIED)), undefined);
    assert.equal(authenticationModeOf(healthyBundle(cluster({ accessConfig: {} }))), undefined);
  });

  describe("is what attempts to cure it tell, the last of them", () => {
    const refusedStep = (from: string, to: string) =>
      `An error occurred (InvalidParameterException) when calling the UpdateClusterConfig operation: Unsupported authentication mode update from ${from} to ${to}`;
    const update = (mode: string, cluster = "lab") =>
      `aws eks update-cluster-config --name ${cluster} --access-config authenticationMode=${mode}`;
    const create = "aws eks create-access-entry --cluster-name lab --principal-arn arn:x";
    const REFUSED = { command: create, exitCode: 254, stderr: NEEDS_API };
    const CASES: Readonly<
      Record<string, readonly [fixAttempts: NonNullable<DoctorEvidence["fixAttempts"]>, string | undefined]>
    > = {
      "an entry that was refused": [[REFUSED], "CONFIG_MAP"],
      "a step that was refused": [
        [{ command: update("CONFIG_MAP"), exitCode: 254, stderr: refusedStep("API", "CONFIG_MAP") }],
        "API",
      ],
      "a change that worked": [
        [REFUSED, { command: update("API_AND_CONFIG_MAP"), exitCode: 0 }],
        "API_AND_CONFIG_MAP",
      ],
      "a change that worked by eksctl": [
        [
          {
            command: "eksctl utils update-authentication-mode --cluster lab --authentication-mode API",
            exitCode: 0,
          },
        ],
        "API",
      ],
      "nothing, where the change was refused for another reason": [
        [{ command: update("API"), exitCode: 254, stderr: "AccessDeniedException: no" }],
        undefined,
      ],
      "nothing, where nobody knows how the change went": [[{ command: update("API") }], undefined],
      "nothing of another cluster": [
        [
          { ...REFUSED, command: create.replace("lab", "prod") },
          { command: update("API", "prod"), exitCode: 0 },
        ],
        undefined,
      ],
      "nothing in words of no mode": [
        [{ command: update("API"), exitCode: 254, stderr: refusedStep("FOO", "API") }],
        undefined,
      ],
    };
    for (const [what, [fixAttempts, expected]] of Object.entries(CASES)) {
      it(what, () => assert.equal(authenticationModeOf(healthyBundle({ ...DENIED, fixAttempts })), expected));
    }

    it("after the question's own refusal, and before what the entries' list says today", () => {
      const fixAttempts = [{ command: update("API_AND_CONFIG_MAP"), exitCode: 0 }];
      const question = { stderr: NEEDS_API };
      assert.equal(
        authenticationModeOf(healthyBundle({ ...DENIED, question, fixAttempts })),
        "API_AND_CONFIG_MAP",
      );
      const accessEntries = { failed: NEEDS_API };
      assert.equal(
        authenticationModeOf(healthyBundle({ ...DENIED, accessEntries, fixAttempts })),
        "CONFIG_MAP",
      );
    });
  });
});
