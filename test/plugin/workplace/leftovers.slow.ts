import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { removeLeftovers } from "../../../plugin/workplace/leftovers.ts";
import type { LocalState } from "../../../plugin/workplace/workplace.ts";
import { fileKeyStore } from "../../../token/keystore/file-key-store.ts";
import { allSessions, loadCurrent } from "../../../token/session/current-file.ts";
import { fakeApp } from "../../support/fake-app.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/**
 * Logs in, mints, logs in again and logs out, and kills itself at the so-manyth call that changes a file. Ends by itself
 * when there are not so many.
 */
const SCRIPT = `
import fs from "node:fs";
const [folder, at] = process.argv.slice(-2);
const { keepSession, forgetSession } = await import("${ROOT}/token/session/session-store.ts");
const { credentialsName, rememberName, sessionHolder } = await import("${ROOT}/token/session/session-secrets.ts");
const { fileKeyStore } = await import("${ROOT}/token/keystore/file-key-store.ts");
const { login, sessionId } = await import("${ROOT}/test/support/sessions.ts");
let left = Number(at);
for (const name of ["openSync", "writeSync", "fsyncSync", "renameSync", "rmSync", "mkdirSync", "writeFileSync"]) {
  const real = fs[name];
  fs[name] = (...args) => {
    if (left === 0) process.kill(process.pid, "SIGKILL");
    left -= 1;
    return real(...args);
  };
}
const place = { state: folder + "/state", keyStore: fileKeyStore(folder + "/keys") };
const first = login("ada@example.com", sessionId(1));
const again = login("ada@example.com", sessionId(2));
const mint = ({ entry }) => {
  rememberName(sessionHolder(entry.id, place.state + "/sessions/" + entry.id), "x");
  place.keyStore.write(credentialsName(entry, "x"), "canary");
};
keepSession(place, first.session, first.entry);
mint(first);
keepSession(place, again.session, again.entry);
mint(again);
forgetSession(place, again.server, again.entry);
`;

describe("what a login or logout leaves that is killed", () => {
  const root = tempFolder();
  const files = () =>
    fs
      .readdirSync(root(), { recursive: true, encoding: "utf8" })
      .filter((name) => fs.statSync(path.join(root(), name)).isFile());

  /** Secrets of sessions that nobody is logged in with, and files that were never finished. */
  function leftovers(): string[] {
    const kept = allSessions(loadCurrent(path.join(root(), "state"))).map(({ session }) => session.id);
    return files().filter(
      (name) =>
        /\.tmp$/.test(name) ||
        (/(?:session|aws)%3A/.test(name) && !kept.some((id) => name.includes(id))) ||
        name.startsWith("state/gone-"),
    );
  }

  /** Not each of the 90 calls: that is what the suite of faults is for. */
  const STRIDE = 4;

  function kill(at: number): boolean {
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "-e", SCRIPT, "--", root(), String(at)],
      { encoding: "utf8" },
    );
    assert.ok(signal === "SIGKILL" || status === 0, stderr);
    return signal === "SIGKILL";
  }

  it("is removed by the next one, wherever it was killed", async () => {
    let kills = 0;
    let left = 0;
    const app = fakeApp({ home: root(), clock: Date.now });
    const folders = { state: path.join(root(), "state"), keys: path.join(root(), "keys"), config: root() };
    while (kill(kills * STRIDE)) {
      kills += 1;
      if (leftovers().length > 0) left += 1;
      await removeLeftovers(app, { folders } as LocalState);
      assert.deepEqual(leftovers(), [], `after the kill at call ${kills * STRIDE}`);
      fs.rmSync(path.join(root(), "state"), { recursive: true, force: true });
      fs.rmSync(path.join(root(), "keys"), { recursive: true, force: true });
    }
    assert.ok(kills > 10 && left > 5, `${left} of ${kills} kills left something to remove`);
  });

  it("is not a file that a running process writes, nor what is not ours", async () => {
    const keys = path.join(root(), "keys");
    const store = fileKeyStore(keys);
    store.write("client-key", "canary");
    const names = [
      `.vouch-${process.ppid}-0123456789ab.tmp`,
      ".vouch-x.tmp",
      ".vouch-0123456789abcdef.tmp",
      "other.tmp",
    ];
    for (const name of names) fs.writeFileSync(path.join(keys, name), "");
    const before = fs.readdirSync(keys).sort();
    const folders = { state: path.join(root(), "state"), keys, config: root() };
    await removeLeftovers(fakeApp({ home: root(), clock: Date.now }), { folders } as LocalState);
    assert.deepEqual(fs.readdirSync(keys).sort(), before);
    const later = () => Date.now() + 61_000;
    await removeLeftovers(fakeApp({ home: root(), clock: later }), { folders } as LocalState);
    assert.deepEqual(
      fs.readdirSync(keys).sort(),
      before.filter((name) => name !== ".vouch-0123456789abcdef.tmp"),
    );
  });
});
