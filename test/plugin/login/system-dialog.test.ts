import assert from "node:assert/strict";
import type { KeyDialog } from "../../../token/fido2/key-dialog.ts";
import { LAB_USER } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { windowsAssertion, windowsCreation } from "../../support/windows-key.ts";

suiteOnPosix("lab", "a system whose own dialog asks for the key", () => {
  const desk = labDesk();
  /** The user does what the window says; nothing is listed, since ordinary programs of Windows see no keys. */
  const byDialog = () => {
    const asked: Parameters<KeyDialog["create"]>[0][] = [];
    const dialog: KeyDialog = {
      assert: async (request, wait) => {
        wait.opens();
        const { key } = desk;
        const made = windowsAssertion(key, request) ?? assert.fail();
        desk.key = key;
        return {
          credentialId: made["credential-id"] ?? assert.fail(),
          authenticatorData: made["authenticator-data"] ?? assert.fail(),
          signature: made["signature"] ?? assert.fail(),
          userHandle: made["user-handle"] ?? assert.fail(),
        };
      },
      create: async (request, wait) => {
        asked.push(request);
        wait.opens();
        const { key } = desk;
        const made = windowsCreation(key, request, request.user);
        desk.key = key;
        return made["attestation-object"] ?? assert.fail();
      },
    };
    const securityKeys = async () => ({
      dialog,
      list: async () => assert.fail("keys were listed"),
      open: async () => assert.fail("a key was opened"),
    });
    return { asked, options: { securityKeys, terminal: "none" } as const };
  };
  const LINE = "Use your security key in the Windows Security window (Alt+Tab brings it to the front)…\n";

  it("logs in, and asks for no PIN itself", async () => {
    const { status, stdout, stderr } = await desk.run(["login"], byDialog().options);
    assert.equal(status, 0, stderr);
    assert.ok(stderr.includes(LINE), stderr);
    assert.match(stdout + stderr, new RegExp(LAB_USER));
  });

  it("registers another key, under a plain name, and tells the dialog of those that are registered", async () => {
    desk.logIn();
    const registered = Buffer.from(desk.key.credentials[0]?.credentialId ?? "", "base64url");
    const { asked, options } = byDialog();
    const { status, stdout, stderr } = await desk.run(["keys", "add"], options);
    assert.equal(status, 0, stderr);
    assert.match(stdout + stderr, /Security key/);
    assert.deepEqual(
      asked.map(({ excludeIds, user }) => [excludeIds.map((id) => Buffer.from(id)), user.name]),
      [[[registered], LAB_USER]],
    );
    for (const { keyId } of desk.lab.vouch.credentials.slice(1)) desk.lab.vouch.removeKey(keyId);
  });

  it("refuses a PIN from a pipe", async () => {
    const { status, stderr } = await desk.run(["login", "--pin-stdin"], {
      ...byDialog().options,
      stdin: "1234\n",
    });
    assert.equal(status, 3);
    assert.equal(
      stderr.slice(stderr.lastIndexOf("\nerror:") + 1),
      "error: Windows accepts the PIN only in its own window. [pin-unavailable]\nRun the command again without `--pin-stdin`.\n",
    );
  });
});
