import assert from "node:assert/strict";
import { shellWord } from "../../token/shell-word.ts";

describe("shellWord", () => {
  const table: [string, string][] = [
    ["/home/ada/.kube/config", "/home/ada/.kube/config"],
    ["~/.kube/config", "~/.kube/config"],
    ["/home/ada/my config", "'/home/ada/my config'"],
    ["it's", `'it'\\''s'`],
    ["$(id)", "'$(id)'"],
    ["", "''"],
  ];
  for (const [word, written] of table)
    it(`writes ${JSON.stringify(word)}`, () => assert.equal(shellWord(word), written));
});
