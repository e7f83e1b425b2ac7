import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withSessionsLocked } from "../../../token/session/sessions-lock.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("withSessionsLocked", () => {
  const root = tempFolder();
  const place = (signal = new AbortController().signal) => ({
    state: path.join(root(), "state"),
    clock: Date.now,
    signal,
  });

  it("lets one change end before the next begins, and leaves no lock behind", async () => {
    const steps: string[] = [];
    const change = (name: string) =>
      withSessionsLocked(place(), async () => {
        steps.push(`${name} begins`);
        await delay(30);
        steps.push(`${name} ends`);
      });
    await Promise.all([change("one"), change("other")]);
    assert.deepEqual(steps, ["one begins", "one ends", "other begins", "other ends"]);
    assert.deepEqual(fs.readdirSync(place().state), []);
  });

  onPosix("modes", "refuses a state folder that others may write", async () => {
    fs.mkdirSync(place().state);
    fs.chmodSync(place().state, 0o777);
    await assert.rejects(async () => withSessionsLocked(place(), () => undefined), {
      code: "directory-unsafe",
    });
  });

  it("stops waiting on Ctrl-C", async () => {
    const control = new AbortController();
    await withSessionsLocked(place(), async () => {
      const waiting = withSessionsLocked(place(control.signal), () => undefined);
      control.abort();
      await assert.rejects(waiting, { code: "interrupted" });
    });
  });
});
