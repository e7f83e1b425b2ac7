import assert from "node:assert/strict";
import type { DesktopMessage } from "../../../plugin/app.ts";
import { commandFor } from "../../../plugin/programs/desktop.ts";
import { execInfoFor } from "../../support/cluster-infos.ts";
import { onFullDisk } from "../../support/full-disk.ts";
import { type DeskOptions, labDesk } from "../../support/lab-desk.ts";
import { CREDENTIAL_WORDS } from "../../support/lab-words.ts";
import { suiteOnPosix } from "../../support/platform.ts";

suiteOnPosix("lab", "a program in the background that needs a login", () => {
  const desk = labDesk();
  let callers = 0;
  const asks = async (more: DeskOptions = {}) => {
    const told: DesktopMessage[] = [];
    const { status } = await desk.run([...CREDENTIAL_WORDS, "--server", desk.lab.vouch.url], {
      env: { KUBERNETES_EXEC_INFO: execInfoFor(undefined) },
      notify: async (message) => void told.push(message),
      parentId: ++callers,
      ...more,
    });
    assert.equal(status, 2);
    return told;
  };
  const MESSAGE = {
    title: "kubectl needs a login",
    text: "For cluster lab: run kubectl vouch login and touch your security key.",
  };

  it("says so on the desktop where the settings want it, once in ten minutes", async () => {
    assert.deepEqual(await asks(), []);
    await desk.run(["config", "set", "notify", "on"]);
    assert.deepEqual(await asks(), [MESSAGE]);
    desk.advance(9 * 60_000);
    assert.deepEqual(await asks(), []);
    desk.advance(2 * 60_000);
    assert.deepEqual(await asks(), [MESSAGE]);
  });

  it("says nothing of it where the failure is seen at a terminal, or the disk is full", async () => {
    await desk.run(["config", "set", "notify", "on"]);
    assert.deepEqual(await asks({ terminals: ["stderr"] }), []);
    assert.deepEqual(await onFullDisk(desk.home, () => asks()), []);
  });
});

suiteOnPosix("lab", "the command that shows a message", () => {
  it("is the system's own, with the message in it as it is", () => {
    const message = { title: "a", text: "b" };
    assert.deepEqual(commandFor(message, "linux"), [
      "/usr/bin/notify-send",
      "--app-name=kubectl-vouch",
      "--",
      "a",
      "b",
    ]);
    assert.deepEqual(commandFor({ title: 'say "a"', text: "b\\" }, "darwin"), [
      "/usr/bin/osascript",
      "-e",
      'display notification "b\\\\" with title "say \\"a\\""',
    ]);
    assert.deepEqual(commandFor(message, "win32"), []);
  });
});
