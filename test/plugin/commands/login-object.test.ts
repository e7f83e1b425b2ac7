import assert from "node:assert/strict";
import { LAB_PIN, LAB_USER } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";
import { scriptedTerminal } from "../../support/scripted-terminal.ts";

const WITH_PIN = { stdin: `${LAB_PIN}\n`, terminal: "none" } as const;

suiteOnPosix("lab", "kubectl vouch login -o json", () => {
  const desk = labDesk();
  const login = (...flags: string[]) => ["login", "--key-store", "file", ...flags];

  it("ends with one object for programs; what a person must see goes elsewhere", async () => {
    const terminal = scriptedTerminal([LAB_PIN]);
    const { status, stdout, stderr } = await desk.run(login("-o", "json"), { terminal });
    assert.equal(status, 0);
    terminal.verify();
    assert.match(terminal.shown(), /^PIN of .*\nTouch your security key now /);
    assert.equal(stderr, `Logging in to ${desk.lab.vouch.url}\n`);
    const { expiresAt, expiresInSeconds, endpoints, ...rest } = JSON.parse(stdout);
    assert.deepEqual(rest, {
      apiVersion: "vouch.kubectl/v1",
      kind: "Login",
      status: "logged-in",
      server: desk.lab.vouch.url,
      email: LAB_USER,
      keyStore: "file",
    });
    const left = (Date.parse(expiresAt) - desk.lab.clock()) / 1000;
    assert.ok(left > 8 * 3600 - 60 && left <= 8 * 3600, expiresAt);
    assert.ok(Math.abs(expiresInSeconds - left) < 10, expiresInSeconds);
    assert.match(endpoints.stsEndpoint, /^https:\/\/127\.0\.0\.1:/);

    for (const flags of [[], ["--if-needed", "1h"]]) {
      const again = await desk.run(login("-o", "json", ...flags));
      assert.deepEqual([again.status, again.stderr], [0, ""]);
      const { status: what, expiresAt: end } = JSON.parse(again.stdout);
      assert.deepEqual([what, end], ["already-logged-in", expiresAt]);
    }
  });

  it("leaves stdout empty for programs when it fails", async () => {
    desk.touch = "declined";
    const { status, stdout, stderr } = await desk.run(login("-ojson", "--pin-stdin"), WITH_PIN);
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /\nerror: .+ \[security-key-declined\]\n/);
  });
});
