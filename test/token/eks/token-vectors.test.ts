/** Tokens that aws-iam-authenticator judged, judged again by `token explain` and by the verifier of the lab. */
import assert from "node:assert/strict";
import { readVectors } from "../../peers/corpora/token-vectors.ts";
import { explainedStep, formRefusal } from "../../peers/corpora/token-verdicts.ts";

describe("tokens that aws-iam-authenticator judged", () => {
  const { judgedAt, vectors } = readVectors();
  const now = Date.parse(judgedAt);
  for (const rule of new Set(vectors.map((vector) => vector.rule))) {
    const ours = vectors
      .filter((vector) => vector.rule === rule)
      .map((vector) => ({ ...vector, cluster: "" }));

    it(`are explained as it says: ${rule}`, () => {
      assert.deepEqual(
        ours.map((one) => explainedStep(one, now)),
        ours.map(({ step }) => step ?? (rule === "13 date ahead" ? 13 : undefined)),
      );
    });

    it(`are refused by the lab in its words: ${rule}`, () => {
      assert.deepEqual(
        ours.map((one) => formRefusal(one, now)),
        ours.map(({ refusal }) => refusal),
      );
    });
  }

  it("are some of each step", () => {
    const steps = new Set(vectors.map(({ step }) => step));
    assert.deepEqual(
      [...steps].sort((a, b) => (a ?? 0) - (b ?? 0)),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, undefined],
    );
  });
});
