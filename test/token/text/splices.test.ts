import assert from "node:assert/strict";
import {
  applyFirstSplices,
  applySplices,
  lineEnding,
  lineStart,
  nextLine,
} from "../../../token/text/splices.ts";

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

  it("may overlap where the first one is to count", () => {
    const splices = [
      { start: 1, end: 3, text: "Y" },
      { start: 0, end: 2, text: "X" },
      { start: 2, end: 4, text: "Z" },
    ];
    assert.equal(applyFirstSplices("0123", splices), "XZ");
  });
});

describe("lines", () => {
  it("are found by their ends", () => {
    assert.deepEqual(
      [0, 1, 2, 3].map((offset) => lineStart("a\nbc", offset)),
      [0, 0, 2, 2],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((offset) => nextLine("a\nbc", offset)),
      [2, 2, 2, 4],
    );
    assert.deepEqual(["a\r\nb\n", "a\nb\r\n", ""].map(lineEnding), ["\r\n", "\n", "\n"]);
  });
});
