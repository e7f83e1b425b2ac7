import assert from "node:assert/strict";
import { applySplices, withoutOverlaps } from "../../../token/text/splices.ts";

describe("splices", () => {
  it("are applied in the order of their places, those at one place in their own", () => {
    const splices = [
      { start: 4, end: 6, text: "X" },
      { start: 0, end: 0, text: "a" },
      { start: 0, end: 0, text: "b" },
      { start: 6, end: 6, text: "!" },
    ];
    assert.equal(applySplices("0123456", splices), "ab0123X!6");
  });

  it("may not overlap", () => {
    assert.throws(
      () =>
        applySplices("0123", [
          { start: 0, end: 2, text: "" },
          { start: 1, end: 3, text: "" },
        ]),
      RangeError,
    );
  });

  it("may overlap where the later ones are left out", () => {
    const splices = [
      { start: 1, end: 3, text: "late" },
      { start: 0, end: 2, text: "X" },
      { start: 2, end: 4, text: "Y" },
    ];
    assert.equal(applySplices("0123", withoutOverlaps(splices)), "XY");
  });
});
