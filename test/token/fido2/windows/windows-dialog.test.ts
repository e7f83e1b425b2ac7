import assert from "node:assert/strict";
import { VouchError } from "../../../../token/errors/errors.ts";
import { type AssertionOptions, assertWithSecurityKey } from "../../../../token/fido2/ceremony/assertion.ts";
import { type StartHelper, windowsDialog } from "../../../../token/fido2/windows/windows-dialog.ts";
import type { Timers } from "../../../../token/timers.ts";
import { YUBIKEY_5_7_1 } from "../../../lab/key/soft-key-profiles.ts";
import { virtualTimers } from "../../../lab/key/virtual-timers.ts";
import { answerLines, windowsAssertion, windowsCreation } from "../../../support/windows-key.ts";
import { keyBench, REQUEST, RP_ID, USER_HANDLE } from "../key-bench.ts";
import { judged, registrationBench } from "../registration-bench.ts";
import { verified } from "../verified.ts";

/** Time that does not pass. */
const STILL: Timers = { now: () => 0, after: () => () => undefined };

/** What the helper does, told its request. */
interface Script {
  readonly answer?: (values: ReadonlyMap<string, Buffer>, lines: readonly string[]) => string;
  readonly env?: Record<string, string>;
  readonly status?: number;
  /** It waits until it is told to close the window: "canceled", or not even then. */
  readonly waits?: "until canceled" | "until killed";
  readonly timers?: Timers;
}

/** Windows' dialog with a helper that is played, and the software key in its user's hand. */
function windows({ answer, env = {}, status = 0, waits, timers }: Script = {}) {
  const requests: string[] = [];
  const done: string[] = [];
  const start: StartHelper = (request, hear) => {
    requests.push(request);
    const ended = Promise.withResolvers<number | null>();
    const lines = request.trimEnd().split("\n");
    const values = new Map(
      lines.slice(1).map((line) => [line.split(" ")[0] ?? "", Buffer.from(line.split(" ")[1] ?? "", "hex")]),
    );
    const close = (text: string) =>
      setImmediate(() => {
        hear(text);
        ended.resolve(status);
      });
    if (waits !== undefined) hear("api 09\n");
    else close(answer?.(values, lines) ?? "");
    return {
      cancel: () => {
        done.push("cancel");
        if (waits === "until canceled") close("error 80090036 NotAllowedError\n\n");
      },
      kill: () => {
        done.push("kill");
        ended.resolve(null);
      },
      ended: ended.promise,
    };
  };
  const bench = keyBench({ profile: YUBIKEY_5_7_1 });
  const keys = { ...bench.options.keys, dialog: windowsDialog({ start, env }) };
  const login = (more: Partial<AssertionOptions> = {}) =>
    assertWithSecurityKey(REQUEST, {
      ...bench.options,
      keys,
      timers: timers ?? STILL,
      ...more,
    });
  return { ...bench, keys, requests, done, login };
}

const fails = (code: string, name = "NotAllowedError") => `api 09\nerror ${code} ${name}\n\n`;

describe("a login by the dialog of Windows", () => {
  const asserts = (bench: ReturnType<typeof keyBench>, flags?: number): NonNullable<Script["answer"]> => {
    return (values) => {
      const clientDataJson = values.get("client-data") ?? assert.fail();
      const made = windowsAssertion(bench.state.current, { rpId: RP_ID, clientDataJson }, flags);
      return `api 09\n${answerLines(made ?? assert.fail())}\n`;
    };
  };

  it("sends what a key would sign, and returns what the server accepts", async () => {
    let bench: ReturnType<typeof windows>;
    const answer: Script["answer"] = (values, lines) => asserts(bench)(values, lines);
    bench = windows({ answer });
    const assertion = await bench.login();
    assert.equal(verified(assertion, bench.enrolled), true);
    assert.deepEqual(Buffer.from(assertion.userHandle), USER_HANDLE);
    assert.equal(
      Buffer.from(assertion.clientDataJson).toString(),
      '{"type":"webauthn.get","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://vouch.example.test","crossOrigin":false}',
    );
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
    assert.deepEqual(bench.requests, [
      `assert\nrp-id ${hex(Buffer.from(RP_ID))}\nclient-data ${hex(assertion.clientDataJson)}\ntimeout 00015f90\n\n`,
    ]);
    assert.deepEqual({ said: bench.said, ended: bench.ended }, { said: ["dialog"], ended: ["dialog"] });
    assert.deepEqual(bench.asks, []);
  });

  it("waits as long as a challenge is valid if the user sets no limit", async () => {
    const { login, requests } = windows({ answer: () => fails("800704c7") });
    await assert.rejects(login({ timeoutMs: 0 }));
    assert.match(requests[0] ?? "", /^timeout 000493e0$/m);
  });

  it("checks the RP ID before anything is started", async () => {
    const { keys, options, requests } = windows();
    const request = { ...REQUEST, rpId: "other.example" };
    await assert.rejects(assertWithSecurityKey(request, { ...options, keys }), { code: "rp-id-mismatch" });
    assert.deepEqual(requests, []);
  });

  it("rejects an answer without verification of its user, or without a user", async () => {
    let bench: ReturnType<typeof windows>;
    bench = windows({ answer: (values, lines) => asserts(bench, 0x01)(values, lines) });
    await assert.rejects(bench.login(), {
      code: "security-key-failed",
      message: "The security key responded without verifying its user.",
    });
    bench = windows({
      answer: (values, lines) => asserts(bench)(values, lines).replace(/^user-handle .*$/m, "user-handle "),
    });
    await assert.rejects(bench.login(), { code: "security-key-not-enrolled" });
  });

  for (const [what, answer, status, code, message] of [
    ["nothing", "", 1, "security-key-failed", /exited with status 1\.$/],
    ["half an answer", "api 09\nsignature 0a", 3221225477, "security-key-failed", /status 3221225477\.$/],
    ["a malformed answer", "api 09\nsignature xx\n\n", 0, "security-key-failed", /response is malformed/],
    ["an answer without a signature", "api 09\n\n", 0, "security-key-failed", /response is malformed/],
  ] as const)
    it(`is an error of the key if the helper answers ${what}`, async () => {
      const { login } = windows({ answer: () => answer, status });
      await assert.rejects(login(), { code, message });
    });

  it("is by CTAP where Windows is too old to have the dialog", async () => {
    for (const code of ["8007007e", "8007007f"]) {
      const bench = windows({ answer: () => `error ${code} \n\n` });
      assert.equal(verified(await bench.login({ timers: bench.timers }), bench.enrolled), true);
      assert.deepEqual(bench.said, ["touch"]);
    }
  });

  for (const env of [{ SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" }, { SESSIONNAME: "Services" }])
    it(`is refused before anything is started: ${Object.keys(env)}`, async () => {
      const { login, requests, said } = windows({ env });
      await assert.rejects(login(), {
        code: "security-key-unreadable",
        message:
          "Windows asks for a security key in a window, but an SSH session or a service does not have a desktop.",
        hint: "Run `kubectl vouch login` in a terminal on the desktop of this computer.",
      });
      assert.deepEqual([requests, said], [[], []]);
    });

  it("does not accept a PIN from a pipe, which it could not pass on", async () => {
    const { login, requests } = windows();
    await assert.rejects(login({ pinAttempts: 1 }), {
      code: "pin-unavailable",
      hint: /without `--pin-stdin`/,
    });
    assert.deepEqual(requests, []);
  });

  it("closes the dialog on Ctrl-C", async () => {
    const { login, abort, done, ended } = windows({ waits: "until canceled" });
    const result = login();
    setImmediate(() => abort.abort());
    await assert.rejects(result, { code: "interrupted" });
    assert.deepEqual([done, ended], [["cancel"], ["dialog"]]);
  });

  it("starts nothing if it is already interrupted", async () => {
    const { login, abort, requests } = windows();
    abort.abort();
    await assert.rejects(login(), { code: "interrupted" });
    assert.deepEqual(requests, []);
  });

  for (const waits of ["until canceled", "until killed"] as const)
    it(`closes a dialog that Windows leaves open for too long; it waits ${waits}`, async () => {
      const { login, done } = windows({ waits, timers: virtualTimers() });
      await assert.rejects(login(), {
        code: "security-key-untouched",
        message: "The Windows Security window was not answered in time.",
      });
      assert.deepEqual(done.slice(0, 1), ["cancel"]);
      if (waits === "until killed") assert.deepEqual(done, ["cancel", "kill"]);
    });

  const failures: readonly (readonly [string, string, RegExp, RegExp])[] = [
    ["800704c7", "security-key-declined", /^The login was canceled/, /`kubectl vouch login`/],
    ["80090036", "security-key-declined", /^The login was canceled/, /`kubectl vouch login`/],
    ["800705b4", "security-key-untouched", /not answered in time/, /Alt\+Tab/],
    [
      "80090011",
      "security-key-not-enrolled",
      /a credential for vouch\.example\.test/,
      /kubectl vouch enroll/,
    ],
    ["80090035", "security-key-missing", /did not find a security key\.$/, /Plug in/],
    ["80090027", "security-key-failed", /the login request \(0x80090027\)/, /`kubectl vouch login --debug`/],
    ["80070032", "security-key-unreadable", /might not have a PIN/, /Sign-in options/],
    ["80090029", "security-key-unreadable", /might not have a PIN/, /Sign-in options/],
    ["80090023", "security-key-full", /is full/, /ykman/],
    ["8009000f", "security-key-enrolled", /already registered/, /a different key/],
    ["a0560002", "security-key-unreadable", /does not have a desktop/, /on the desktop/],
    ["80004005", "security-key-failed", /\(0x80004005 NotAllowedError\)\.$/, /Unplug the key/],
  ];
  for (const [hresult, code, message, hint] of failures)
    it(`explains ${hresult}`, async () => {
      const { login } = windows({ answer: () => fails(hresult) });
      await assert.rejects(login(), { code, message, hint });
    });

  it("says that a remote desktop session can be the reason", async () => {
    const { login } = windows({ answer: () => fails("80070032"), env: { SESSIONNAME: "RDP-Tcp#3" } });
    await assert.rejects(login(), { message: /in this remote desktop session\.$/ });
  });

  it("says what is wrong with a helper that cannot be started", async () => {
    const { options } = keyBench({ profile: YUBIKEY_5_7_1 });
    const start: StartHelper = () => ({
      cancel: () => undefined,
      kill: () => undefined,
      ended: Promise.reject(Object.assign(new Error("spawn EACCES"), { code: "EACCES" })),
    });
    const keys = { ...options.keys, dialog: windowsDialog({ start, env: {} }) };
    await assert.rejects(assertWithSecurityKey(REQUEST, { ...options, keys }), {
      code: "security-key-failed",
      message: /^vouch-webauthn\.exe cannot be started: /,
      hint: /Unpack the whole archive/,
    });
  });
});

describe("a registration by the dialog of Windows", () => {
  it("makes a credential that the server accepts, and names those that must not exist", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1 });
    let asked = "";
    const start: StartHelper = (request, hear) => {
      asked = request;
      const clientDataJson = Buffer.from(/^client-data (.*)$/m.exec(request)?.[1] ?? "", "hex");
      const user = { id: USER_HANDLE, name: "ada@example.com" };
      const made = windowsCreation(bench.state.current, { rpId: RP_ID, clientDataJson }, user);
      setImmediate(() => hear(`api 09\n${answerLines(made)}\n`));
      return {
        cancel: () => undefined,
        kill: () => undefined,
        ended: new Promise((ok) => setTimeout(ok, 1, 0)),
      };
    };
    const keys = { ...bench.options.keys, dialog: windowsDialog({ start, env: {} }) };
    const excludeIds = [Buffer.from([1, 2]), Buffer.from([3])];
    const made = await bench.register({ excludeIds }, { keys, timers: STILL });
    assert.ok(judged(made));
    assert.equal(made.keyName, "The security key");
    const hex = (text: string) => Buffer.from(text).toString("hex");
    assert.match(
      asked,
      new RegExp(
        `^create\\nrp-id ${hex(RP_ID)}\\nclient-data [0-9a-f]+\\ntimeout 00015f90\\nrp-name ${hex("Vouch")}\\nuser-id ${USER_HANDLE.toString("hex")}\\nuser-name ${hex("ada@example.com")}\\nexclude 0102\\nexclude 03\\n\\n$`,
      ),
    );
    assert.deepEqual(bench.said, ["dialog"]);
  });

  it("explains a key that is already registered", async () => {
    const bench = registrationBench({ profile: YUBIKEY_5_7_1 });
    const { keys } = windows({ answer: () => fails("8009000f", "InvalidStateError") });
    await assert.rejects(bench.register({}, { keys }), (error) => {
      assert.ok(error instanceof VouchError);
      assert.equal(error.message, `The security key is already registered for you with ${RP_ID}.`);
      return error.code === "security-key-enrolled";
    });
  });
});
