import assert from "node:assert/strict";
import { loginPrompts } from "../../../plugin/login/login-prompts.ts";
import type { TouchAsk } from "../../../token/fido2/prompts.ts";
import { virtualTimers } from "../../lab/key/virtual-timers.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const PERSON = { pinFromStdin: false, account: undefined };
const ASK = {
  keyName: "KEY",
  attemptsLeft: undefined,
  minLength: 6,
  retry: false,
  problem: undefined,
} as const;

describe("loginPrompts", () => {
  it("speaks to the terminal itself, not to stderr that a client may swallow", () => {
    const terminal = scriptedTerminal();
    const app = fakeApp({ home: "/nonexistent", terminal });
    const prompts = loginPrompts(app, PERSON);
    prompts.insertKey();
    prompts.busy();
    prompts.unplugged();
    prompts.touch({ keyName: "KEY", action: "touch" })();
    prompts.close();
    assert.equal(
      terminal.shown(),
      "Plug in your security key…\n" +
        "Another program is using the security key (a browser, ssh, gpg); waiting…\n" +
        "The security key was unplugged.\n" +
        "Touch your security key now (it blinks)…\n",
    );
    assert.deepEqual(app.written, { stdout: "", stderr: "" });
    terminal.verify();
  });

  it("speaks on stderr where there is no terminal, and asks nothing there", async () => {
    const app = fakeApp({ home: "/nonexistent", terminal: "none" });
    const prompts = loginPrompts(app, PERSON);
    prompts.busy();
    prompts.touch({ keyName: "KEY", action: "choose" })();
    assert.equal(await prompts.pin(ASK), undefined);
    prompts.close();
    assert.deepEqual(app.written, {
      stdout: "",
      stderr:
        "Another program is using the security key (a browser, ssh, gpg); waiting…\n" +
        "Several security keys are plugged in; touch the one to use (they blink)…\n",
    });
  });

  const asks: Record<string, [Parameters<ReturnType<typeof loginPrompts>["pin"]>[0], string]> = {
    "for the first time": [ASK, "PIN of KEY: \n"],
    "when tries were wasted before": [{ ...ASK, attemptsLeft: 5 }, "PIN of KEY: \n"],
    "when few tries are left": [
      { ...ASK, attemptsLeft: 3 },
      "3 tries are left before the key permanently blocks its PIN.\nPIN of KEY: \n",
    ],
    "after a PIN that was too short": [
      { ...ASK, retry: true, problem: "too-short" },
      "The PIN of this key must be at least 6 characters long; nothing was sent to the key.\nPIN of KEY: \n",
    ],
    "after a finger that the key does not know": [
      { ...ASK, problem: "finger-refused" },
      "Fingerprint not recognized; type the PIN instead.\nPIN of KEY: \n",
    ],
    "when the key accepts no finger any more": [
      { ...ASK, problem: "finger-blocked" },
      "The key does not accept fingerprints until you enter its PIN.\nPIN of KEY: \n",
    ],
    "before the last try": [
      { ...ASK, attemptsLeft: 1 },
      "This is the last try before the key permanently blocks its PIN.\nPIN of KEY: \n",
    ],
    "after a wrong PIN": [
      { ...ASK, retry: true, problem: "wrong", attemptsLeft: 2 },
      "Wrong PIN; 2 tries left.\nPIN of KEY: \n",
    ],
    "after a wrong PIN, of a key that does not count aloud": [
      { ...ASK, retry: true, problem: "wrong" },
      "Wrong PIN.\nPIN of KEY: \n",
    ],
    "after a PIN that was too long": [
      { ...ASK, retry: true, problem: "too-long" },
      "A PIN can be at most 63 bytes long; nothing was sent to the key.\nPIN of KEY: \n",
    ],
  };
  for (const [when, [ask, shown]] of Object.entries(asks)) {
    it(`asks for the PIN ${when}, and shows nothing of it`, async () => {
      const terminal = scriptedTerminal(["24681357"]);
      const prompts = loginPrompts(fakeApp({ home: "/nonexistent", terminal }), PERSON);
      assert.equal(await prompts.pin(ask), "24681357");
      prompts.close();
      assert.equal(terminal.shown(), shown);
      terminal.verify();
    });
  }

  const touches: Record<string, [TouchAsk, string]> = {
    "a touch": [{ keyName: "KEY", action: "touch" }, "Touch your security key now (it blinks)…"],
    "a finger": [
      { keyName: "KEY", action: "finger" },
      "Place your finger on the security key now (it blinks)…",
    ],
    "another finger": [
      { keyName: "KEY", action: "finger", attemptsLeft: 2 },
      "Not recognized (2 tries left). Place your finger on the security key now (it blinks)…",
    ],
  };
  for (const [what, [ask, text]] of Object.entries(touches)) {
    it(`counts down while the key waits for ${what}, on one line`, async () => {
      const terminal = scriptedTerminal();
      const timers = virtualTimers();
      const prompts = loginPrompts(fakeApp({ home: "/nonexistent", terminal }), { ...PERSON, timers });
      const end = prompts.touch(ask);
      await new Promise<void>((resolve) => timers.after(2500, resolve));
      end();
      await new Promise<void>((resolve) => timers.after(5000, resolve));
      prompts.close();
      assert.deepEqual(terminal.rewritten, [`${text} 30 s`, `${text} 29 s`, `${text} 28 s`, text]);
      assert.equal(terminal.shown(), `${text}\n`);
    });
  }

  it("points to the window of Windows, which has no time limit of a key", async () => {
    const terminal = scriptedTerminal();
    const prompts = loginPrompts(fakeApp({ home: "/nonexistent", terminal }), PERSON);
    prompts.touch({ keyName: "KEY", action: "dialog" })();
    prompts.close();
    assert.deepEqual(terminal.rewritten, []);
    assert.equal(
      terminal.shown(),
      "Use your security key in the Windows Security window (Alt+Tab brings it to the front)…\n",
    );
  });

  it("stops counting at nothing, and ends its line", async () => {
    const terminal = scriptedTerminal();
    const timers = virtualTimers();
    const prompts = loginPrompts(fakeApp({ home: "/nonexistent", terminal }), { ...PERSON, timers });
    const end = prompts.touch({ keyName: "KEY", action: "touch" });
    await new Promise<void>((resolve) => timers.after(40_000, resolve));
    end();
    prompts.close();
    const text = "Touch your security key now (it blinks)…";
    assert.deepEqual(terminal.rewritten.slice(-3), [`${text} 1 s`, text, text]);
    assert.equal(terminal.shown(), `${text}\n`);
  });

  it("proposes the account of the last login, which Enter takes", async () => {
    const terminal = scriptedTerminal([""]);
    const app = fakeApp({ home: "/nonexistent", terminal });
    const prompts = loginPrompts(app, { ...PERSON, lastAccount: "bob@example.com" });
    const accounts = ["ada@example.com", "bob@example.com"].map((name) => ({ name, displayName: undefined }));
    assert.equal(await prompts.choose?.(accounts), 1);
    prompts.close();
    assert.match(terminal.shown(), /Which one, 1 to 2 \[2\]\? /);
    terminal.verify();
  });

  it("has an account without a name to choose, too", async () => {
    const terminal = scriptedTerminal(["2"]);
    const prompts = loginPrompts(fakeApp({ home: "/nonexistent", terminal }), PERSON);
    const accounts = [
      { name: undefined, displayName: "Ada" },
      { name: undefined, displayName: undefined },
    ];
    assert.equal(await prompts.choose?.(accounts), 1);
    prompts.close();
    assert.match(terminal.shown(), / {2}1 {2}Ada\n {2}2 {2}\(no name\)\n/);
    terminal.verify();
  });
});
