import assert from "node:assert/strict";
import { stsTokenTooLong } from "../../../../doctor/rules/token/sts-token-too-long.ts";
import { confidences, pluginFailed, unauthorized, verdicts } from "../../support/credential-case.ts";

function bytes(count: number) {
  return { token: { bytes: count, problems: [] } };
}

describe("sts-token-too-long", () => {
  it("counts the bytes", () => {
    assert.deepEqual(verdicts(stsTokenTooLong, unauthorized(bytes(4097))), [
      { cause: "S9", stage: "token", severity: "error", confidence: "certain", commands: [] },
    ]);
    assert.deepEqual(confidences(stsTokenTooLong, unauthorized(bytes(4096))), []);
  });

  it("knows our words for a token that was not given out, and STS's for a session that is too big", () => {
    for (const words of [
      "The EKS token for lab has 4200 bytes; EKS reads at most 4096. The AWS session token in it has 2900 characters.",
      "An error occurred (PackedPolicyTooLarge) when calling the AssumeRole operation: Packed policy consumes 120% of allotted space, please use smaller policy.",
    ]) {
      assert.deepEqual(confidences(stsTokenTooLong, pluginFailed(words)), ["S9 certain"]);
    }
  });
});
