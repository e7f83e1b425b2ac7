import assert from "node:assert/strict";
import { lessSure, refusalConfidence } from "../../../doctor/facts/mapping-bearing.ts";
import type { Symptom } from "../../../doctor/facts/symptom.ts";
import { healthyBundle, ROLE_ARN } from "../support/bundle.ts";

const text = "words";
const evidence = healthyBundle();
const WANTED: readonly (readonly [Symptom, "certain" | "likely" | undefined])[] = [
  [{ kind: "none" }, undefined],
  [{ kind: "forbidden", user: "u", attempt: undefined, escalation: false, text }, undefined],
  [{ kind: "aws-refused", code: "x", action: undefined, text }, undefined],
  [{ kind: "no-answer", text }, "likely"],
  [{ kind: "unauthorized" }, "certain"],
  [{ kind: "plugin-failed", text, exitCode: 1 }, "certain"],
  [{ kind: "configuration", text }, "certain"],
  [{ kind: "other", text }, "certain"],
];

describe("refusalConfidence", () => {
  for (const [symptom, confidence] of WANTED) {
    it(`is ${confidence} for ${symptom.kind}`, () => {
      assert.equal(refusalConfidence({ evidence, symptom }), confidence);
    });
  }

  it("is undefined when nobody tried, but the API server knows the caller", () => {
    assert.equal(refusalConfidence({ evidence, symptom: undefined }), undefined);
    assert.equal(
      refusalConfidence({
        evidence: healthyBundle({ selfSubjectReview: { failed: "-" } }),
        symptom: undefined,
      }),
      "certain",
    );
  });

  it("does not let the caller's own success speak for somebody else", () => {
    const other = healthyBundle({ question: { principal: `${ROLE_ARN}Other` } });
    assert.equal(refusalConfidence({ evidence: other, symptom: { kind: "none" } }), "certain");
  });
});

describe("lessSure", () => {
  it("takes the weaker word", () => {
    assert.deepEqual(
      [lessSure("certain", "likely"), lessSure("possible", "certain"), lessSure("likely", "likely")],
      ["likely", "possible", "likely"],
    );
  });
});
