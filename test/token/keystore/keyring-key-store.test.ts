import assert from "node:assert/strict";
import net from "node:net";
import path from "node:path";
import {
  busToRecord,
  keyringKeyStore,
  sessionBus,
  systemKeyring,
} from "../../../token/keystore/keyring-key-store.ts";
import { onPosix, suiteOnPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { fakeKeyring } from "./fake-keyring.ts";

const NO_SERVICE = "Couldn't access platform secure storage: no secret service";

describe("keyringKeyStore", () => {
  it("keeps, gives back and forgets values by name", () => {
    const keyring = fakeKeyring();
    const store = keyringKeyStore(keyring.open);
    assert.equal(store.kind, "keyring");
    assert.equal(store.read("session:1"), undefined);
    store.write("session:1", "canary");
    store.write("session:2", "other");
    assert.equal(store.read("session:1"), "canary");
    store.remove("session:1");
    assert.deepEqual([...keyring.entries], [["session:2", "other"]]);
  });

  it("does nothing when there is nothing to forget", () => {
    const keyring = fakeKeyring();
    keyringKeyStore(keyring.open).write("session:2", "other");
    keyringKeyStore(keyring.open).remove("session:1");
    assert.deepEqual([...keyring.entries], [["session:2", "other"]]);
  });

  it("does not trust a keyring that does not return what was stored", () => {
    const store = keyringKeyStore(fakeKeyring({ forgetful: true }).open);
    assert.throws(() => store.write("session:1", "canary"), {
      code: "key-store-failed",
      message: "The keyring could not store session:1: it does not return what was stored.",
      hint: "Use files instead of the keyring: `kubectl vouch login --key-store file`.",
    });
  });

  const store = keyringKeyStore(fakeKeyring({ broken: NO_SERVICE }).open);
  const attempts = {
    read: () => store.read("session:1"),
    store: () => store.write("session:1", "canary"),
    delete: () => store.remove("session:1"),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    it(`says that it could not ${what} when the keyring does not work, and not what`, () => {
      assert.throws(attempt, {
        code: "key-store-failed",
        message: `The keyring could not ${what} session:1: ${NO_SERVICE}.`,
      });
    });
  }
});

describe("systemKeyring", () => {
  if (process.platform === "linux") {
    it("fails as an error of ours where no Secret Service runs", async () => {
      const saved = process.env["DBUS_SESSION_BUS_ADDRESS"];
      process.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus";
      try {
        const store = keyringKeyStore(await systemKeyring());
        assert.throws(() => store.read("session:1"), {
          code: "key-store-failed",
          message: /^The keyring could not read session:1: /,
        });
      } finally {
        if (saved === undefined) delete process.env["DBUS_SESSION_BUS_ADDRESS"];
        else process.env["DBUS_SESSION_BUS_ADDRESS"] = saved;
      }
    });
  }

  onPosix("keyring", "is there on this platform", async () => {
    assert.equal(typeof (await systemKeyring()), "function");
  });
});

suiteOnPosix("sockets", "sessionBus", () => {
  const folder = tempFolder();
  const ownerId = process.getuid?.() ?? 0;
  const choose = (env: Record<string, string>, recorded?: string) => sessionBus({ env, recorded, ownerId });
  const usual = `unix:path=/run/user/${ownerId}/bus`;
  let server: net.Server;
  let socket = "";
  beforeEach(async () => {
    socket = path.join(folder(), "bus");
    server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("is the system's usual one when nobody says, so that nothing is started for it", () => {
    assert.equal(choose({}), usual);
    assert.equal(choose({}, "unix:abstract=/tmp/x"), "unix:abstract=/tmp/x");
  });

  it("is a socket of one's own that the environment names", () => {
    assert.equal(
      choose({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket},guid=0a` }),
      `unix:path=${socket},guid=0a`,
    );
    assert.equal(choose({ XDG_RUNTIME_DIR: folder() }), `unix:path=${socket}`);
    assert.equal(
      choose({ DBUS_SESSION_BUS_ADDRESS: `tcp:host=x,port=1;unix:path=${socket}` }),
      `unix:path=${socket}`,
    );
  });

  it("is none of somebody else's", () => {
    const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` };
    assert.equal(
      sessionBus({ env, recorded: undefined, ownerId: ownerId + 1 }),
      `unix:path=/run/user/${ownerId + 1}/bus`,
    );
  });

  for (const address of [
    "unixexec:path=/bin/sh,argv1=-c,argv2=id",
    "autolaunch:",
    "tcp:host=127.0.0.1,port=1",
    "nonce-tcp:host=127.0.0.1,port=1,noncefile=/x",
    "unix:abstract=/tmp/evil",
    "unix:tmpdir=/tmp",
    "unix:path=/etc/passwd",
    "unix:path=%ZZ",
    "",
    ";",
  ])
    it(`does not follow ${JSON.stringify(address)}`, () =>
      assert.equal(choose({ DBUS_SESSION_BUS_ADDRESS: address }), usual));

  it("is recorded at login where it is on this machine", () => {
    assert.equal(
      busToRecord({ DBUS_SESSION_BUS_ADDRESS: "unix:abstract=/tmp/x,guid=0a" }),
      "unix:abstract=/tmp/x,guid=0a",
    );
    for (const address of [
      "tcp:host=x,port=1",
      "unixexec:path=/bin/sh",
      "unix:path=/a;unixexec:path=/bin/sh",
      "",
    ])
      assert.equal(busToRecord({ DBUS_SESSION_BUS_ADDRESS: address }), undefined);
  });
});
