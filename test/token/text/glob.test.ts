import assert from "node:assert/strict";
import { globCovers } from "../../../token/text/glob.ts";

describe("globCovers", () => {
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
    ["*@example.com", "ada@example.com", true],
    ["ada@example.com", "ada@exampleXcom", false],
    ["*a*b*", "xxaxxbxx", true],
    ["*a*b*", "xxbxxaxx", false],
    ["*ab", "aab", true],
    ["**", "", true],
    ["?", "", false],
  ];
  for (const [glob, name, expected] of cases) {
    it(`${glob} ${expected ? "matches" : "does not match"} ${name}`, () => {
      assert.equal(globCovers(glob, name), expected);
    });
  }

  it("takes ? for itself where there is no such wildcard", () => {
    assert.equal(globCovers("d?v-*", "dev-a", ""), false);
    assert.equal(globCovers("d?v-*", "d?v-a", ""), true);
  });
});
