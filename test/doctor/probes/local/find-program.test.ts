import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { findProgram } from "../../../../doctor/probes/local/find-program.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

describe("a program on the PATH of Windows", () => {
  const folder = tempFolder();
  const find = (command: string, files: readonly string[], extensions?: string) => {
    for (const file of files) fs.writeFileSync(path.join(folder(), file), "", { mode: 0o755 });
    const found = findProgram(command, { searchPath: folder(), extensions, platform: "win32" });
    return found && path.basename(found);
  };

  // Source: golang/go, os/exec, lp_windows.go, `findExecutable`.
  const CASES: readonly (readonly [
    command: string,
    files: string[],
    found: string | undefined,
    ext?: string,
  ])[] = [
    ["aws", ["aws", "aws.cmd"], "aws.cmd"],
    ["aws", ["aws"], undefined],
    ["aws", ["aws.exe", "aws.cmd", "aws.com"], "aws.com"],
    ["aws.exe", ["aws.exe"], "aws.exe"],
    ["aws.py", ["aws.py"], undefined],
    ["aws.py", ["aws.py.exe"], "aws.py.exe"],
    ["aws", ["aws.ps1", "aws.bat"], "aws.bat"],
    ["aws", ["aws.ps1", "aws.bat"], "aws.ps1", ".PS1;.BAT"],
  ];
  for (const [command, files, found, extensions] of CASES)
    it(`is ${found ?? "not found"}: ${command}, with ${files.join(", ")}`, () =>
      assert.equal(find(command, files, extensions), found));
});
