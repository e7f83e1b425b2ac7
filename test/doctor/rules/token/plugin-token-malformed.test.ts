import assert from "node:assert/strict";
import { pluginTokenMalformed } from "../../../../doctor/rules/token/plugin-token-malformed.ts";
import { confidences, findingsOf, unauthorized, verdicts } from "../../support/credential-case.ts";

function broken(step: number, problem: string) {
  return { token: { bytes: 1500, problems: [{ step, problem }] } };
}

describe("plugin-token-malformed", () => {
  it("quotes the verifier's step", () => {
    const bundle = unauthorized(broken(3, "the rest is not base64url without padding"));
    assert.deepEqual(verdicts(pluginTokenMalformed, bundle), [
      {
        cause: "V7",
        stage: "token",
        severity: "error",
        confidence: "certain",
        commands: ["aws eks update-kubeconfig --name lab --region eu-west-1 --alias lab --user-alias lab"],
      },
    ]);
    assert.equal(
      findingsOf(pluginTokenMalformed, bundle)?.[0]?.summary,
      "aws gives a token that no EKS verifier accepts: the rest is not base64url without padding.",
    );
  });

  for (const step of [1, 5, 12, 13]) {
    it(`leaves step ${step} to a rule of its own`, () => {
      assert.deepEqual(confidences(pluginTokenMalformed, unauthorized(broken(step, "it is so"))), []);
    });
  }
});
