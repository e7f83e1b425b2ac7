import assert from "node:assert/strict";
import { LAB_PIN } from "../../lab/lab.ts";
import { labDesk } from "../../support/lab-desk.ts";
import { suiteOnPosix } from "../../support/platform.ts";

const CURRENT = ".local/state/kubectl-vouch/current.json";
const BUS = "DBUS_SESSION_BUS_ADDRESS";

/** Logged in at the desk, and now there over ssh: no bus leads to the keyring. */
suiteOnPosix("lab", "a session whose secrets lie in a keyring that is out of reach", () => {
  const desk = labDesk();
  const bus = process.env[BUS];
  before(() => {
    process.env[BUS] = "unix:path=/nonexistent";
  });
  after(() => {
    if (bus === undefined) delete process.env[BUS];
    else process.env[BUS] = bus;
  });
  beforeEach(() => {
    desk.logIn();
    desk.write(CURRENT, desk.read(CURRENT).replace('"keyStore": "file"', '"keyStore": "keyring"'));
  });

  it("gives way to a login that uses files instead, as the error's hint says", async () => {
    const login = ["login", "--pin-stdin", "--key-store", "file"];
    const { status, stderr } = await desk.run(login, { stdin: `${LAB_PIN}\n`, terminal: "none" });
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^warning: the secrets of the previous session could not be removed: The keyring could not /m,
    );
    assert.match(stderr, /^Logged in as ada@example\.com /m);
    assert.match((await desk.run(["status"])).stdout, /^Secrets: {4}in files that only you can read$/m);
  });

  it("is forgotten by logout, which says that its secrets are left", async () => {
    const { status, stderr } = await desk.run(["logout"]);
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: ada@example\.com is logged out on this machine, but the secrets of the session could not be removed: The keyring could not .+ \[key-store-failed\]\nThey are useless after (?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC[^ ,]*, when the session ends on its own\.\n$/,
    );
    assert.deepEqual(JSON.parse(desk.read(CURRENT)), { version: 1, servers: {} });
    assert.equal((await desk.run(["logout"])).stderr, "You were not logged in to Vouch.\n");
  });
});
