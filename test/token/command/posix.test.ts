import assert from "node:assert/strict";
import { posixProgram, posixWord } from "../../../token/command/posix.ts";
import { posixWords } from "../support/read-words.ts";

describe("posixWord", () => {
  const table: readonly (readonly [word: string, written: string])[] = [
    ["arn:aws:iam::111122223333:role/Dev", "arn:aws:iam::111122223333:role/Dev"],
    ["a=b,c@d%20+e", "a=b,c@d%20+e"],
    ["", "''"],
    [";", "';'"],
    ["it's", "'it'\\''s'"],
    ["''", "\\'\\'"],
    ["a\\", "'a'\\\\"],
    ["\\'", "\\\\\\'"],
    ["=ls", "'=ls'"],
    ["a:=ls", "'a:=ls'"],
    ["a==ls", "'a==ls'"],
    ["%1", "'%1'"],
    ["~", "'~'"],
    ["a!b", "'a!b'"],
    ["{a,b}", "'{a,b}'"],
    ["é", "'é'"],
    ["’", "'’'"],
    ["$(id)", "'$(id)'"],
  ];
  for (const [word, written] of table) {
    it(`writes ${written}`, () => {
      assert.equal(posixWord(word), written);
      assert.deepEqual(posixWords(written), { words: [word], operators: [] });
    });
  }

  it("leaves the shell the home folder alone", () => {
    assert.equal(posixWord({ underHome: "a;b/~c" }), "~/'a;b/~c'");
    assert.equal(posixWord({ underHome: "" }), "~/''");
  });
});

describe("posixProgram", () => {
  for (const name of ["aws", "kubectl-vouch", "g++", "7z", "python3.11"]) {
    it(`takes ${name}`, () => assert.equal(posixProgram(name), name));
  }
  it("quotes a path", () => assert.equal(posixProgram("/opt/my tools/aws"), "'/opt/my tools/aws'"));

  for (const name of [
    "",
    "if",
    "!",
    "-",
    "%1",
    "%1/x",
    "-x/y",
    "A=b",
    "[",
    "{",
    ".",
    "my tool",
    "exec",
    "end",
    "é",
  ]) {
    it(`refuses ${JSON.stringify(name)}, which some shell would not run`, () => {
      assert.throws(() => posixProgram(name), { name: "UnprintableCommand" });
    });
  }
});
