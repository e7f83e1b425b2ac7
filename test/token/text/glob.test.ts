import assert from "node:assert/strict";
import { globCovers, shellGlobCovers } from "../../../token/text/glob.ts";

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

describe("shellGlobCovers", () => {
  const cases: [string, string, boolean][] = [
    ["prod-*", "prod-a", true],
    ["prod-*", "xprod-a", false],
    ["p?od", "prod", true],
    ["*", "arn:aws:eks:eu-west-1:1:cluster/lab", true],
    ["*/lab", "arn:aws:eks:eu-west-1:1:cluster/lab", true],
    ["[ab]", "a", true],
    ["[ab]", "c", false],
    ["[a-c]x", "bx", true],
    ["[a-c]x", "dx", false],
    ["[!a-c]", "d", true],
    ["[^a-c]", "b", false],
    ["[]a]", "]", true],
    ["[!]a]", "]", false],
    ["[a-]", "-", true],
    ["[c-a]", "b", false],
    ["[", "[", true],
    ["[ab", "[ab", true],
    ["[ab", "a", false],
    ["a[*]b", "a*b", true],
    ["a[*]b", "axb", false],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["a\\", "a\\", true],
    ["*[0-9]", "prod-12", true],
    ["*[0-9]", "prod-1a", false],
    ["(a|b)", "a", false],
    [".*", "ab", false],
    ["", "", true],
    ["", "a", false],
  ];
  for (const [glob, name, expected] of cases) {
    it(`${glob} ${expected ? "matches" : "does not match"} ${name}`, () => {
      assert.equal(shellGlobCovers(glob, name), expected);
    });
  }
});
