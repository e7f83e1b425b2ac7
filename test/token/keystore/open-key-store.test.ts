import assert from "node:assert/strict";
import fs from "node:fs";
import { VouchError } from "../../../token/errors/errors.ts";
import { openKeyStore, prefersKeyring } from "../../../token/keystore/open-key-store.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { fakeKeyring, type KeyringFaults } from "./fake-keyring.ts";

const unexpected = () => Promise.reject(new Error("this test did not expect the keyring to be opened"));

describe("openKeyStore", () => {
  const folder = tempFolder();
  const opened = (kind: "keyring" | "file" | undefined, faults?: KeyringFaults) =>
    openKeyStore({
      kind,
      folder: folder(),
      keyring: async () => fakeKeyring(faults).open,
      platform: "linux",
    });

  it("takes files when files are asked for, and leaves the keyring alone", async () => {
    const store = await openKeyStore({ kind: "file", folder: folder(), keyring: unexpected });
    assert.equal(store.kind, "file");
    store.write("a", "1");
    assert.deepEqual(fs.readdirSync(folder()), ["a.json"]);
  });

  it("takes a keyring that works when nothing is asked for, and leaves nothing in it", async () => {
    const keyring = fakeKeyring();
    const store = await openKeyStore({
      kind: undefined,
      folder: folder(),
      keyring: async () => keyring.open,
      platform: "linux",
    });
    assert.equal(store.kind, "keyring");
    assert.deepEqual([...keyring.entries], []);
  });

  for (const [what, faults] of Object.entries({
    "does not work": { broken: "no secret service" },
    "does not keep what is put in": { forgetful: true },
    "keeps only short values": { longest: 1280 },
  })) {
    it(`takes files when nothing is asked for and the keyring ${what}, and tells why`, async () => {
      const keyring = async () => fakeKeyring(faults).open;
      const store = await openKeyStore({ kind: undefined, folder: folder(), keyring, platform: "linux" });
      assert.equal(store.kind, "file");
      assert.match(store.whyNoKeyring ?? "", /^The keyring could not store probe: .*\.$/);
    });
  }

  it("takes files when nothing is asked for and there is no keyring at all", async () => {
    const keyring = () => Promise.reject(new Error("Cannot find native binding"));
    assert.equal(
      (await openKeyStore({ kind: undefined, folder: folder(), keyring, platform: "linux" })).kind,
      "file",
    );
  });

  it("takes files on macOS when nothing is asked for, except in a build signed with a Developer ID", async () => {
    const choice = { folder: folder(), keyring: unexpected, platform: "darwin" } as const;
    assert.equal((await openKeyStore({ ...choice, kind: undefined })).kind, "file");
    await assert.rejects(openKeyStore({ ...choice, kind: "keyring" }), /did not expect/);
    assert.deepEqual(
      (["darwin", "linux", "win32"] as const).map((one) => [
        prefersKeyring(one, true),
        prefersKeyring(one, false),
      ]),
      [
        [true, false],
        [true, true],
        [false, false],
      ],
    );
  });

  it("takes the keyring when it is asked for, without trying it first", async () => {
    const store = await opened("keyring", { broken: "the keyring is locked" });
    assert.equal(store.kind, "keyring");
    assert.throws(() => store.read("a"), { code: "key-store-failed" });
  });

  it("says why the keyring cannot be used when it is asked for", async () => {
    const keyring = () => Promise.reject(new Error("Cannot find native binding"));
    await assert.rejects(openKeyStore({ kind: "keyring", folder: folder(), keyring }), {
      code: "key-store-failed",
      message: "The keyring cannot be used: Cannot find native binding.",
    });
  });

  it("passes on an error of ours as it is", async () => {
    const ours = new VouchError("key-store-failed", "no");
    await assert.rejects(
      openKeyStore({ kind: "keyring", folder: folder(), keyring: () => Promise.reject(ours) }),
      ours,
    );
  });
});
