import assert from "node:assert/strict";
import { loginPrompts } from "../../../plugin/login/login-prompts.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const PERSON = { pinFromStdin: false, account: undefined };
const ASK = { keyName: "KEY", attemptsLeft: undefined, retry: false, problem: undefined } as const;

describe("loginPrompts", () => {
  it("speaks to the terminal itself, not to stderr that a client may swallow", () => {
    const terminal = scriptedTerminal();
    const app = fakeApp({ home: "/nonexistent", terminal });
    const prompts = loginPrompts(app, PERSON);
    prompts.insertKey();
    prompts.busy();
    prompts.touch();
    prompts.touch();
    prompts.close();
    assert.equal(
      terminal.shown(),
      "Plug in your security key…\n" +
        "Another program is using the security key (a browser, ssh, gpg); waiting…\n" +
        "Touch your security key now (it blinks)…\n",
    );
    assert.deepEqual(app.written, { stdout: "", stderr: "" });
    terminal.verify();
  });

  it("speaks on stderr where there is no terminal, and asks nothing there", async () => {
    const app = fakeApp({ home: "/nonexistent", terminal: "none" });
    const prompts = loginPrompts(app, PERSON);
    prompts.busy();
    assert.equal(await prompts.pin(ASK), undefined);
    prompts.close();
    assert.deepEqual(app.written, {
      stdout: "",
      stderr: "Another program is using the security key (a browser, ssh, gpg); waiting…\n",
    });
  });

  const asks: Record<string, [Parameters<ReturnType<typeof loginPrompts>["pin"]>[0], string]> = {
    "for the first time": [ASK, "PIN of KEY: \n"],
    "when tries were wasted before": [{ ...ASK, attemptsLeft: 5 }, "PIN of KEY: \n"],
    "before the last try": [
      { ...ASK, attemptsLeft: 1 },
      "This is the last try before the key blocks its PIN for good.\nPIN of KEY: \n",
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
      "A PIN has at most 63 bytes; the key was not asked.\nPIN of KEY: \n",
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
