import assert from "node:assert/strict";
import { flagVariable } from "../../../token/hot/flag-variable.ts";

describe("flagVariable", () => {
  const cases: readonly (readonly [string | undefined, boolean | undefined])[] = [
    [undefined, false],
    ["", false],
    ["true", true],
    ["TRUE", true],
    ["False", false],
    ["1", undefined],
    ["yes", undefined],
    [" true", undefined],
  ];
  for (const [value, flag] of cases) {
    it(`reads ${JSON.stringify(value)} as ${flag}`, () => {
      assert.equal(flagVariable(value), flag);
    });
  }
});
