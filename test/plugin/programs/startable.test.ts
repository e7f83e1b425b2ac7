import assert from "node:assert/strict";
import { startable, systemProgram } from "../../../plugin/programs/startable.ts";

const env = { SystemRoot: "C:\\WINDOWS" };
const CMD = "C:\\WINDOWS\\System32\\cmd.exe";

function lineOf(...words: readonly string[]): string {
  const { file, args, options } = startable(words, env, "win32");
  assert.deepEqual([file, options], [CMD, { windowsVerbatimArguments: true }]);
  assert.deepEqual(args.slice(0, -1), ["/d", "/e:on", "/v:off", "/s", "/c"]);
  return args.at(-1) ?? "";
}

describe("startable", () => {
  it("leaves programs alone", () => {
    for (const [platform, program] of [
      ["linux", "/bin/aws.cmd"],
      ["win32", "C:\\tools\\aws.exe"],
      ["win32", "C:\\tools.cmd\\aws"],
    ] as const)
      assert.deepEqual(startable([program, "%a", '"'], env, platform), {
        file: program,
        args: ["%a", '"'],
        options: {},
      });
  });

  // Expected lines follow Rust's library/std/src/sys/args/windows.rs, `append_bat_arg`.
  const table: readonly (readonly [word: string, written: string])[] = [
    ["sts", "sts"],
    ["--region", "--region"],
    ["", '""'],
    ["a b", '"a b"'],
    ["a=b", '"a=b"'],
    ["a&calc", '"a&calc"'],
    ["a^b", '"a^b"'],
    ["!x!", '"!x!"'],
    ['{"a":"b c"}', '"{""a"":""b c""}"'],
    ['"&calc', '"""&calc"'],
    ['a\\"', '"a\\\\"""'],
    ["C:\\a b\\", '"C:\\a b\\\\"'],
    ["C:\\a\\", '"C:\\a\\\\"'],
    ["C:\\a\\b", "C:\\a\\b"],
    ["é", '"é"'],
  ];
  for (const [word, written] of table)
    it(`hands ${JSON.stringify(word)} to a batch file as ${written}`, () =>
      assert.equal(lineOf("C:\\a b\\aws.cmd", word), `""C:\\a b\\aws.cmd" ${written}"`));

  it("knows a batch file by any spelling that Windows takes for one", () => {
    for (const name of ["aws.BAT", "aws.cmd.", "aws.cmd. ."]) assert.equal(lineOf(name), `""${name}""`);
  });

  it("refuses what cmd.exe would read", () => {
    for (const word of ["%PATH%", "100%", "a\nb", "a\rb", "a\0b"])
      assert.throws(() => startable(["aws.cmd", word], env, "win32"), {
        code: "usage",
        message: /^Cannot pass .* to a batch file: /s,
      });
  });
});

describe("systemProgram", () => {
  for (const SystemRoot of ["D:\\evil", "C:\\windows\\evil", "\\\\host\\Windows", "", undefined])
    it(`is not in ${SystemRoot}, where a kubeconfig can point`, () =>
      assert.equal(systemProgram({ SystemRoot }, "cmd.exe"), "C:\\Windows\\System32\\cmd.exe"));
  it("is on the drive of Windows", () =>
    assert.equal(systemProgram({ SystemRoot: "D:\\WINDOWS" }, "x.exe"), "D:\\WINDOWS\\System32\\x.exe"));
});
