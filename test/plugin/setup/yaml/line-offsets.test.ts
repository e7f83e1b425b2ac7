import assert from "node:assert/strict";
import { lineEnding, lineStart, nextLine } from "../../../../plugin/setup/yaml/line-offsets.ts";

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
