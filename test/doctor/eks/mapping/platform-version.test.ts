import assert from "node:assert/strict";
import { platformNeed } from "../../../../doctor/eks/mapping/platform-version.ts";

/** The versions of doctor/EKS-ACCESS.md, "Authentication mode", with the last platform that is too old. */
const FIRST = { "1.23": 17, "1.24": 15, "1.25": 12, "1.26": 11, "1.27": 10, "1.28": 6, "1.29": 1, "1.30": 2 };

describe("platformNeed", () => {
  for (const [version, number] of Object.entries(FIRST)) {
    it(`needs eks.${number} of ${version}`, () => {
      const isTooOld = (n: number) =>
        platformNeed({ name: "lab", version, platformVersion: `eks.${n}` })?.isTooOld;
      assert.deepEqual([isTooOld(number - 1), isTooOld(number)], [true, false]);
    });
  }

  it("knows no need of later versions, nor of a cluster whose platform is not known", () => {
    assert.equal(platformNeed({ name: "lab", version: "1.33", platformVersion: "eks.1" }), undefined);
    assert.equal(platformNeed({ name: "lab", version: "1.27" }), undefined);
    assert.equal(platformNeed(undefined), undefined);
  });
});
