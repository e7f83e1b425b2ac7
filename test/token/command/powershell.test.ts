import assert from "node:assert/strict";
import { run } from "../../../token/command/command.ts";
import { powershellProgram, powershellWord } from "../../../token/command/powershell.ts";
import { renderCommand } from "../../../token/command/render-command.ts";
import { typographicFault } from "../../doctor/support/powershell-quotes.ts";
import { type ArgumentPassing, programGets } from "../support/powershell-passing.ts";

describe("powershellWord", () => {
  const table: readonly (readonly [word: string, written: string])[] = [
    ["describe-cluster", "describe-cluster"],
    ["arn:aws:iam::1:role/Dev", "arn:aws:iam::1:role/Dev"],
    ["--cluster-name", "--cluster-name"],
    ["--name=x", "'--name=x'"],
    ["--", "'--'"],
    ["--%", "'--%'"],
    ["-x.y", "'-x.y'"],
    ["-1e3", "'-1e3'"],
    ["1kb", "'1kb'"],
    ["a,b", "'a,b'"],
    ["@x", "'@x'"],
    ["$env:PATH", "'$env:PATH'"],
    ["it's", "'it''s'"],
    ["‘’‚‛", "'‘‘’’‚‚‛‛'"],
    ["“„”", "'“„”'"],
    ["C:\\dir\\", "C:\\dir\\"],
    ["–x", "'–x'"],
  ];
  for (const [word, written] of table) {
    it(`writes ${written}`, () => {
      assert.equal(powershellWord(word), written);
      assert.equal(typographicFault(written), undefined);
    });
  }

  it("refuses what Windows PowerShell cannot hand on", () => {
    assert.throws(() => powershellWord("C:\\my dir\\"), { name: "UnprintableCommand" });
  });

  const passed = [
    "",
    '"',
    'a"b',
    '{"a":"b c"}',
    'a\\"b',
    '\\\\"',
    '"a b"',
    'x" --profile=evil "y',
    "a b",
    "a\\b",
    '\\"\\',
    "é ‘",
  ];
  for (const version of ["5.1", "7.2", "7.4"] satisfies ArgumentPassing[]) {
    for (const word of passed) {
      it(`hands ${JSON.stringify(word)} to a program in PowerShell ${version}`, () => {
        assert.deepEqual(programGets(powershellWord(word), version), [word]);
      });
    }
  }
});

describe("powershellProgram", () => {
  const table: readonly (readonly [program: string, written: string])[] = [
    ["aws", "aws"],
    ["curl", "curl.exe"],
    ["C:\\Program Files\\x’y\\aws.exe", "& 'C:\\Program Files\\x’’y\\aws.exe'"],
    ["if", "& 'if'"],
    ["7z", "& '7z'"],
    ["", "& ''"],
  ];
  for (const [program, written] of table) {
    it(`writes ${written}`, () => assert.equal(powershellProgram(program), written));
  }

  it("gives pip's aws.cmd no sign of cmd.exe's", () => {
    for (const sign of "&|<>^%") {
      const command = run("aws", "eks describe-cluster", { name: `a${sign}calc` });
      assert.match(JSON.stringify(renderCommand(command, "powershell")), /"unprintable".*cmd\.exe/);
      assert.ok("line" in renderCommand(command, "bash"));
    }
  });
});
