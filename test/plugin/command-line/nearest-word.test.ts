import assert from "node:assert/strict";
import { nearestWord } from "../../../plugin/command-line/nearest-word.ts";

describe("nearestWord", () => {
  const known = ["login", "logout", "status", "setup", "whoami", "kubeconfig", "all"];
  const cases: [string, string | undefined][] = [
    ["login", "login"],
    ["lgoin", "login"],
    ["logn", "login"],
    ["loginn", "login"],
    ["Status", "status"],
    ["stauts", "status"],
    ["kubconfg", "kubeconfig"],
    ["kube", "kubeconfig"],
    ["who", "whoami"],
    ["al", "all"],
    ["apply", undefined],
    ["x", undefined],
    ["", undefined],
    ["logs", "login"],
    ["secrets", undefined],
  ];
  for (const [word, expected] of cases) {
    it(`takes ${JSON.stringify(word)} for ${expected ?? "none of ours"}`, () => {
      assert.equal(nearestWord(word, known), expected);
    });
  }
});
