import assert from "node:assert/strict";
import { authFailureConfidence, minConfidence } from "../../../doctor/derive/confidence.ts";
import type { Symptom } from "../../../doctor/derive/failure/symptom.ts";
import { healthyBundle, ROLE_ARN } from "../support/bundle.ts";

const text = "words";
const evidence = healthyBundle();
const WANTED: readonly (readonly [Symptom, "certain" | "likely" | undefined])[] = [
  [{ kind: "none", isProbed: true }, undefined],
  [{ kind: "forbidden", user: "u", attempt: undefined, escalation: false, text }, undefined],
  [{ kind: "aws-refused", code: "x", action: undefined, text }, undefined],
  [{ kind: "unreachable", text }, "likely"],
  [{ kind: "unauthorized" }, "certain"],
  [{ kind: "plugin-failed", text, exitCode: 1 }, "certain"],
  [{ kind: "configuration", text }, "certain"],
  [{ kind: "other", text }, "certain"],
];

describe("authFailureConfidence", () => {
  for (const [symptom, confidence] of WANTED) {
    it(`is ${confidence} for ${symptom.kind}`, () => {
      assert.equal(authFailureConfidence({ evidence, symptom, workingWays: [] }), confidence);
    });
  }

  it("is undefined when nobody tried, but the API server knows the caller", () => {
    assert.equal(authFailureConfidence({ evidence, symptom: undefined, workingWays: [] }), undefined);
    assert.equal(
      authFailureConfidence({
        evidence: healthyBundle({ selfSubjectReview: { failed: "-" } }),
        symptom: undefined,
        workingWays: [],
      }),
      "certain",
    );
  });

  it("does not let the caller's own success speak for somebody else", () => {
    const other = healthyBundle({ question: { principal: `${ROLE_ARN}Other` } });
    assert.equal(
      authFailureConfidence({ evidence: other, symptom: { kind: "none", isProbed: true }, workingWays: [] }),
      "certain",
    );
  });
});

describe("minConfidence", () => {
  it("takes the weaker word", () => {
    assert.deepEqual(
      [
        minConfidence("certain", "likely"),
        minConfidence("possible", "certain"),
        minConfidence("likely", "likely"),
      ],
      ["likely", "possible", "likely"],
    );
  });
});
