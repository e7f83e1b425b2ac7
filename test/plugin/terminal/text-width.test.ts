import assert from "node:assert/strict";
import { textWidth } from "../../../plugin/terminal/style.ts";
import { fakeApp } from "../../support/fake-app.ts";

describe("textWidth", () => {
  for (const [columns, width] of [
    [1, 60],
    [60, 60],
    [132, 132],
    [200, 200],
    [1000, 200],
  ] as const)
    it(`is ${width} on ${columns} columns`, () =>
      assert.equal(textWidth(fakeApp({ home: "/nonexistent", columns })), width));
});
