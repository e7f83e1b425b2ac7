import assert from "node:assert/strict";
import { keyringKeyStore, systemKeyring } from "../../../token/keystore/keyring-key-store.ts";
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
    keyringKeyStore(fakeKeyring().open).remove("session:1");
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

  it("is there on this platform", async () => {
    assert.equal(typeof (await systemKeyring()), "function");
  });
});
