import assert from "node:assert/strict";
import { awsDate } from "../../../../doctor/eks/mapping/aws-date.ts";

describe("awsDate", () => {
  for (const [value, ms] of [
    ["2025-06-02T08:00:00Z", 1748851200000],
    ["2025-06-02T10:00:00.250000+02:00", 1748851200250],
    [1748851200.25, 1748851200250],
    ["1748851200.25", 1748851200250],
    [0, 0],
  ] as const) {
    it(`reads ${JSON.stringify(value)}`, () => {
      assert.equal(awsDate(value), ms);
    });
  }

  for (const value of [undefined, "", "yesterday", Number.NaN]) {
    it(`knows nothing of ${String(value) || "an empty text"}`, () => {
      assert.equal(awsDate(value), undefined);
    });
  }
});
