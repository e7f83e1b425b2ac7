import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { LAB_PIN } from "../../lab/lab.ts";
import { labDeskAtRest } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const WITH_PIN = { stdin: `${LAB_PIN}\n`, terminal: "none" } as const;

suiteOnPosix("lab", "kubectl vouch login where somebody is logged in", () => {
  const desk = labDeskAtRest();
  const login = (...flags: string[]) => ["login", "--key-store", "file", ...flags];
  const state = (...names: string[]) => path.join(desk.home, ".local/state/kubectl-vouch", ...names);
  const sessionId = () =>
    /"id": "([\w-]+)"/.exec(fs.readFileSync(state("current.json"), "utf8"))?.[1] ?? assert.fail("no session");
  beforeEach(async () => {
    assert.equal((await desk.run(login("--pin-stdin"), WITH_PIN)).status, 0);
  });

  it("says so and does nothing, unless it is forced", async () => {
    const before = sessionId();
    const { status, stdout, stderr } = await desk.run(login());
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "" });
    assert.match(
      stderr,
      /^Already logged in as ada@example\.com until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\S* \(7 h 59 min\)\. To log in again: `kubectl vouch login --key-store file --force`\n$/,
    );
    assert.equal(sessionId(), before);
    assert.equal((await desk.run(login("--force", "--pin-stdin"), WITH_PIN)).status, 0);
    assert.notEqual(sessionId(), before);
  });

  it("says how to log in anew there, and as whom, where that was named", async () => {
    const { url } = desk.lab.vouch;
    const named = ["--server", url, "--account", "ada@example.com"];
    const { stderr } = await desk.run(["login", ...named], { env: { VOUCH_SERVER: "https://x.example" } });
    assert.ok(
      stderr.endsWith(
        `. To log in again: \`kubectl vouch login --server ${url} --account ada@example.com --force\`\n`,
      ),
      stderr,
    );
  });

  it("logs in where the server has ended the session, or its secrets are gone", async () => {
    const before = sessionId();
    desk.lab.vouch.revokeSessions();
    assert.equal((await desk.run(login("--pin-stdin"), WITH_PIN)).status, 0);
    const second = sessionId();
    assert.notEqual(second, before);
    fs.rmSync(path.join(desk.home, ".local/share/kubectl-vouch/keys"), { recursive: true });
    assert.equal((await desk.run(login("--pin-stdin"), WITH_PIN)).status, 0);
    assert.notEqual(sessionId(), second);
  });

  it("is asked for only when the session lives too short for a script", async () => {
    const silent = { status: 0, stdout: "", stderr: "" };
    assert.deepEqual(await desk.run(login("--if-needed", "1h")), silent);
    assert.deepEqual(await desk.run(login("--if-needed", "7h59m")), silent);
    const before = sessionId();
    desk.advance(7 * 3600_000 + 30 * 60_000);
    assert.deepEqual(await desk.run(login("--if-needed", "29m")), silent);
    assert.equal(sessionId(), before);
    assert.equal((await desk.run(login("--if-needed", "1h", "--pin-stdin"), WITH_PIN)).status, 0);
    assert.notEqual(sessionId(), before);
  });

  for (const time of ["1", "h", "0m", "1 h", "-1h", "1h30", "2d"]) {
    it(`takes no time like ${time}`, async () => {
      const { status, stderr } = await desk.run(login(`--if-needed=${time}`));
      assert.equal(status, 64);
      assert.match(stderr, /--if-needed must be a time such as 1h or 30m/);
    });
  }
});
