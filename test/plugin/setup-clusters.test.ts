import assert from "node:assert/strict";
import { matchesGlob } from "../../plugin/setup-clusters.ts";

describe("matchesGlob", () => {
  const cases: [string, string, boolean][] = [
    ["prod-*", "prod-a", true],
    ["prod-*", "prod-", true],
    ["prod-*", "xprod-a", false],
    ["*-eu", "prod-eu", true],
    ["*-eu", "prod-eu-1", false],
    ["p?od", "prod", true],
    ["p?od", "pod", false],
    ["*", "anything", true],
    ["lab", "lab", true],
    ["lab", "labs", false],
    ["la.", "lab", false],
    ["(a|b)", "a", false],
    ["[ab]", "a", false],
    ["a+", "aa", false],
    ["a\\*", "a\\b", true],
    ["$^", "$^", true],
  ];
  for (const [glob, name, expected] of cases) {
    it(`${glob} ${expected ? "matches" : "does not match"} ${name}`, () => {
      assert.equal(matchesGlob(name, glob), expected);
    });
  }
});
