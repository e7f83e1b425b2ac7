import assert from "node:assert/strict";
import { registrationPrompts } from "../../../plugin/login/add-key.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const ASK = { keyName: "KEY", minLength: 8, isChange: false, problem: undefined } as const;
const NEW = "canary-new-pin";

describe("registrationPrompts", () => {
  it("has a new PIN typed twice, shows nothing of it, and says what is wanted", async () => {
    const terminal = scriptedTerminal([NEW, NEW, NEW, "other", "short", "short"]);
    const prompts = registrationPrompts(fakeApp({ home: "/nonexistent", terminal }), { pinFromStdin: false });
    assert.deepEqual(await prompts.newPin(ASK), [NEW, NEW]);
    assert.deepEqual(await prompts.newPin({ ...ASK, isChange: true }), [NEW, "other"]);
    await prompts.newPin({ ...ASK, problem: "too-short" });
    prompts.close();
    const twice = "New PIN of KEY: \nConfirm PIN: \n";
    assert.equal(
      terminal.shown(),
      `KEY does not have a PIN yet. Choose one of at least 8 characters; it is stored on the key.\n${twice}` +
        `KEY requires a new PIN.\n${twice}` +
        `The new PIN must be at least 8 characters long.\n${twice}`,
    );
    terminal.verify();
  });

  it("asks nobody for a new PIN without a terminal, or when the PIN comes from standard input", async () => {
    const nobody = registrationPrompts(fakeApp({ home: "/nonexistent", terminal: "none" }), {
      pinFromStdin: false,
    });
    assert.equal(await nobody.newPin(ASK), undefined);
    const terminal = scriptedTerminal();
    const piped = registrationPrompts(fakeApp({ home: "/nonexistent", terminal }), { pinFromStdin: true });
    assert.equal(await piped.newPin(ASK), undefined);
    piped.close();
    terminal.verify();
  });
});
