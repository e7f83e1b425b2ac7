/**
 * vouch-webauthn.exe of the release that KUBECTL_VOUCH_RELEASE names, under wine, with a webauthn.dll that judges what it is sent;
 * and a login by the whole archive with it. Whether Windows' own library agrees, nobody has tried.
 */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PLATFORMS } from "../../krew/platforms.ts";
import { makeWebauthnHelper } from "../../krew/webauthn/build.ts";
import { helperAnswer, helperRequest, uint32 } from "../../token/fido2/windows/messages.ts";
import { enrolCredential, type SoftKeyState } from "../lab/key/soft-key-state.ts";
import { LAB_USER, type Lab, startLab } from "../lab/lab.ts";
import { shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";
import {
  buildLibrary,
  releaseToolchain,
  type WebauthnStandIn,
  webauthnStandIn,
} from "../support/webauthn-stand-in.ts";
import { answerLines, windowsAssertion } from "../support/windows-key.ts";
import { startWine, type Wine, withoutWine } from "../support/wine.ts";

const AMD64 = PLATFORMS.find(({ os, arch }) => os === "windows" && arch === "amd64") ?? assert.fail();
const { folder: unpacked } = shipped(AMD64);
const HELPER = "vouch-webauthn.exe";

const CLIENT_DATA = Buffer.from(
  '{"type":"webauthn.get","challenge":"BwcH","origin":"https://vouch.example"}',
);
const ASSERT = [
  ["rp-id", Buffer.from("vouch.example")],
  ["client-data", CLIENT_DATA],
  ["timeout", uint32(60_000)],
] as const;
const CREATE = [
  ...ASSERT,
  ["rp-name", Buffer.from("Vöuch")],
  ["user-id", Buffer.alloc(16, 7)],
  ["user-name", Buffer.from("zoë@example.com")],
  ["exclude", Buffer.from([1, 2, 3])],
  ["exclude", Buffer.alloc(200, 4)],
] as const;

let windows: Wine;
let standIn: WebauthnStandIn;
before(async function () {
  this.timeout(600_000);
  windows = startWine();
  fs.cpSync(unpacked, path.join(windows.folder, "program"), { recursive: true });
  standIn = webauthnStandIn(windows, await buildLibrary(await releaseToolchain()));
});
after(() => windows.stop());
beforeEach(() => standIn.reset());

/** Starts a program of the archive under wine. */
function start(words: readonly string[], cwd = windows.folder): ChildProcessWithoutNullStreams {
  return spawn("wine", words, { env: windows.env, cwd });
}

function startHelper(request: string, folder = path.join(windows.folder, "program"), cwd?: string) {
  const child = start([path.join(folder, HELPER)], cwd);
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.write(request);
  const ended = once(child, "close").then(([status]) => ({ status: status as number, out }));
  return { cancel: () => child.stdin.end(), ended };
}

const errorOf = (out: string) => helperAnswer(out)?.error?.code;

describe("vouch-webauthn.exe under wine", () => {
  const elsewhere = tempFolder();

  for (const [api, version, hints] of [
    [1, 4, []],
    [7, 4, []],
    [8, 8, ["hint security-key"]],
    [9, 8, ["hint security-key"]],
  ] as const) {
    it(`asks version ${api} of the API for an assertion, by options of version ${version}`, async () => {
      standIn.reset({ api });
      const { ended } = startHelper(helperRequest("assert", ASSERT));
      assert.deepEqual(await standIn.request(), [
        "act assert",
        `version ${version}`,
        "timeout 60000",
        `client-data ${CLIENT_DATA.toString("hex")}`,
        "rp-id vouch.example",
        "attachment 2",
        "verification 1",
        ...hints,
      ]);
      const made = "credential-id 01\nauthenticator-data 0203\nsignature 04\nuser-handle 05\n";
      standIn.answer(made);
      assert.deepEqual(await ended, { status: 0, out: `api 0${api}\n${made}\n` });
    });
  }

  for (const [api, version, hints] of [
    [1, 3, []],
    [8, 8, ["hint security-key"]],
  ] as const) {
    it(`asks version ${api} of the API for a credential, by options of version ${version}`, async () => {
      standIn.reset({ api });
      const { ended } = startHelper(helperRequest("create", CREATE));
      assert.deepEqual(await standIn.request(), [
        "act create",
        `version ${version}`,
        "timeout 60000",
        `client-data ${CLIENT_DATA.toString("hex")}`,
        "rp-id vouch.example",
        "rp-name Vöuch",
        `user-id ${"07".repeat(16)}`,
        "user-name zoë@example.com",
        "display-name zoë@example.com",
        "algorithm -7",
        "attachment 2",
        "verification 1",
        "resident 1",
        "attestation 3",
        "exclude 010203",
        `exclude ${"04".repeat(200)}`,
        ...hints,
      ]);
      standIn.answer(`attestation-object ${"a5".repeat(3000)}\n`);
      const { status, out } = await ended;
      assert.deepEqual([status, helperAnswer(out)?.values.get("attestation-object")?.length], [0, 3000]);
    });
  }

  it("closes the dialog when its standard input ends", async () => {
    const { cancel, ended } = startHelper(helperRequest("assert", ASSERT));
    await standIn.request();
    cancel();
    assert.deepEqual(await ended, { status: 0, out: "api 09\nerror 80090036 NotAllowedError\n\n" });
  });

  it("closes it even if its standard input ended before the dialog was open", async () => {
    const { cancel, ended } = startHelper(helperRequest("assert", ASSERT));
    cancel();
    assert.equal(errorOf((await ended).out), "80090036");
  });

  it("passes on what Windows reports, by number", async () => {
    const { ended } = startHelper(helperRequest("create", CREATE));
    await standIn.request();
    standIn.answer("hresult 8009000f\n");
    assert.deepEqual(await ended, { status: 0, out: "api 09\nerror 8009000f InvalidStateError\n\n" });
  });

  it("does not answer if the library crashes", async () => {
    const { ended } = startHelper(helperRequest("assert", ASSERT));
    await standIn.request();
    standIn.answer("crash 00\n");
    const { status, out } = await ended;
    assert.notEqual(status, 0);
    assert.equal(helperAnswer(out)?.values.size ?? 0, 0);
  });

  it("does not load a webauthn.dll beside itself or in the current folder", async () => {
    const beside = path.join(elsewhere(), "beside");
    const current = path.join(elsewhere(), "current");
    for (const folder of [beside, current]) {
      fs.mkdirSync(folder);
      fs.copyFileSync(
        path.join(windows.drive, "windows/system32/webauthn.dll"),
        path.join(folder, "webauthn.dll"),
      );
    }
    fs.copyFileSync(path.join(unpacked, HELPER), path.join(beside, HELPER));
    standIn.remove();
    const { ended } = startHelper(helperRequest("assert", ASSERT), beside, current);
    assert.deepEqual(await ended, { status: 0, out: "error 8007007e \n\n" });
    assert.equal(standIn.wasCalled(), false);
  });

  it("reports a library that lacks a function, as on Windows before 1903", async () => {
    const toolchain = await releaseToolchain();
    const old = "__declspec(dllexport) int WebAuthNGetApiVersionNumber(void) { return 0; }";
    standIn.reset({ from: await buildLibrary(toolchain, old) });
    const { ended } = startHelper(helperRequest("assert", ASSERT));
    assert.deepEqual(await ended, { status: 0, out: "error 8007007f \n\n" });
  });

  const whole = helperRequest("assert", ASSERT);
  const without = (name: string) =>
    helperRequest(
      "create",
      CREATE.filter(([one]) => one !== name),
    );
  const malformed: Record<string, string> = {
    "an unknown act": whole.replace("assert", "delete"),
    "no act": whole.replace("assert\n", ""),
    "an unknown name": whole.replace("timeout", "time-out"),
    "a value twice": whole.replace("timeout", "rp-id 61\ntimeout"),
    "half a byte": whole.replace(/timeout \d/, "timeout "),
    "upper case": whole.replace(/timeout \d\d/, "timeout 0A"),
    "a time limit of three bytes": whole.replace(/timeout \d\d/, "timeout "),
    "an empty value": whole.replace(/^rp-id .*$/m, "rp-id "),
    "a value of creations": whole.replace("timeout", "rp-name 61\ntimeout"),
    "a name that is not UTF-8": helperRequest("create", [
      ...CREATE.slice(0, 3),
      ["rp-name", Buffer.from([0xff])],
      ...CREATE.slice(4),
    ]),
    "an RP ID with a NUL": whole.replace(/^rp-id .*$/m, "rp-id 610062"),
    "an RP ID that is too long": whole.replace(/^rp-id .*$/m, `rp-id ${"61".repeat(254)}`),
    "client data that are too long": whole.replace(/^client-data .*$/m, `client-data ${"7b".repeat(4097)}`),
    "too many excluded credentials": helperRequest("create", [
      ...CREATE,
      ...Array.from({ length: 63 }, () => ["exclude", Buffer.from([9])] as const),
    ]),
    "more than a request": `${whole}rp-id 61\n`,
    "no user": without("user-id"),
    "line ends of Windows": whole.replaceAll("\n", "\r\n"),
    "more than a megabyte": "a".repeat(1_100_000),
  };
  it("calls nothing for a request that is not as it must be", async function () {
    this.timeout(300_000);
    for (const [what, request] of Object.entries(malformed)) {
      const { cancel, ended } = startHelper(request);
      cancel();
      assert.deepEqual(await ended, { status: 0, out: "error a0560001 \n\n" }, what);
      assert.equal(standIn.wasCalled(), false, what);
    }
  });
});

describe("the helper in the archives", () => {
  for (const platform of PLATFORMS.filter(({ os }) => os === "windows"))
    it(`is the same from another folder: ${platform.arch}`, async function () {
      this.timeout(600_000);
      const work = path.join(windows.folder, "elsewhere", platform.arch);
      const again = await makeWebauthnHelper(await releaseToolchain(), { target: platform.zig, work });
      assert.ok(again.equals(fs.readFileSync(path.join(shipped(platform).folder, HELPER))));
    });
});

describe("kubectl-vouch.exe and its helper under wine", function () {
  this.timeout(300_000);
  let lab: Lab;
  let key: SoftKeyState;
  before(async () => {
    lab = await startLab();
    key = JSON.parse(
      fs.readFileSync(path.join(path.dirname(lab.home), "security-key.json"), "utf8"),
    ) as SoftKeyState;
  });
  after(() => lab.close());

  /** wine has no pipe for Node as its standard output, so that it writes files. */
  function startVouch(words: readonly string[]) {
    const files = ["out", "err"].map((name) => path.join(windows.folder, name)) as [string, string];
    const [out, err] = files.map((file) => fs.openSync(file, "w")) as [number, number];
    const { VOUCH_SERVER = "", VOUCH_CA_BUNDLE = "" } = lab.env;
    const child = spawn("wine", [path.join(windows.folder, "program", "kubectl-vouch.exe"), ...words], {
      env: { ...windows.env, VOUCH_SERVER, VOUCH_CA_BUNDLE: `Z:${VOUCH_CA_BUNDLE}` },
      stdio: ["ignore", out, err],
      cwd: windows.folder,
    });
    for (const file of [out, err]) fs.closeSync(file);
    const ended = once(child, "close").then(([status]) => {
      const [stdout = "", stderr = ""] = files.map((file) => withoutWine(fs.readFileSync(file, "utf8")));
      return { status: status as number, stdout, stderr };
    });
    return { child, ended };
  }

  /** Empty if the process has ended. */
  function commandLine(file: string): string {
    try {
      return fs.readFileSync(file, "utf8");
    } catch {
      return "";
    }
  }

  /** How many helpers run in our Windows. */
  function runningHelpers(): number {
    const started = fs
      .readdirSync("/proc")
      .map((id) => path.join("/proc", id, "cmdline"))
      .map(commandLine);
    return started.filter((line) => line.includes(path.basename(windows.folder)) && line.includes(HELPER))
      .length;
  }

  /** What the dialog was asked. */
  const clientData = (lines: readonly string[]) =>
    Buffer.from(lines.find((line) => line.startsWith("client-data "))?.slice(12) ?? "", "hex");

  it("log in at a server that accepts no other proof", async () => {
    const { ended } = startVouch(["login", "--key-store", "file"]);
    const lines = await standIn.request();
    assert.ok(lines.includes("rp-id localhost"));
    const clientDataJson = clientData(lines);
    const made = windowsAssertion(key, { rpId: "localhost", clientDataJson }) ?? assert.fail();
    standIn.answer(answerLines(made));
    const { status, stdout, stderr } = await ended;
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^Use your security key in the Windows Security window \(Alt\+Tab brings it to the front\)…$/m,
    );
    assert.match(`${stdout}${stderr}`, new RegExp(LAB_USER));
  });

  it("say what happened when the dialog is canceled", async () => {
    const { ended } = startVouch(["login", "--force", "--key-store", "file"]);
    await standIn.request();
    standIn.answer("hresult 800704c7\n");
    const { status, stderr } = await ended;
    assert.equal(status, 3);
    assert.match(
      stderr,
      /^error: The login was canceled in the Windows Security window\. \[security-key-declined\]$/m,
    );
  });

  it("leave no dialog open if the first of them is killed", async () => {
    const { child, ended } = startVouch(["login", "--force", "--key-store", "file"]);
    await standIn.request();
    assert.equal(runningHelpers(), 1);
    child.kill("SIGKILL");
    await ended;
    while (runningHelpers() > 0) await delay(100);
  });

  it("look for the key themselves where Windows is too old to have the dialog", async () => {
    standIn.remove();
    const { ended } = startVouch(["login", "--force", "--key-store", "file", "--timeout", "1"]);
    const { status, stderr } = await ended;
    assert.equal(status, 3);
    assert.doesNotMatch(stderr, /Windows Security/);
    assert.match(stderr, /\[security-key-(?:missing|failed)\]\n/);
    assert.equal(standIn.wasCalled(), false);
  });

  it("do not accept a signature by a credential that the server does not know", async () => {
    const foreign = structuredClone(key);
    enrolCredential(foreign, { rpId: "localhost", userHandle: Buffer.alloc(16, 1), userName: "eve" });
    const { ended } = startVouch(["login", "--force", "--key-store", "file"]);
    const clientDataJson = clientData(await standIn.request());
    standIn.answer(
      answerLines(windowsAssertion(foreign, { rpId: "localhost", clientDataJson }) ?? assert.fail()),
    );
    const { status, stderr } = await ended;
    assert.match(stderr, /\[login-refused\]/);
    assert.notEqual(status, 0);
  });
});
