import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fileKeyStore } from "../../../token/keystore/file-key-store.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("fileKeyStore", () => {
  const root = tempFolder();
  const folder = () => path.join(root(), "data", "keys");
  const store = () => fileKeyStore(folder());
  const file = (name: string) => path.join(folder(), name);

  it("is of the kind file, and makes nothing before something is kept", () => {
    assert.equal(store().kind, "file");
    assert.equal(store().read("session:1"), undefined);
    store().remove("session:1");
    assert.deepEqual(fs.readdirSync(root()), []);
  });

  it("gives back what was kept, and the newest of it", () => {
    store().write("session:1", '{"a":1}');
    store().write("session:1", '{"a":"é"}');
    assert.equal(store().read("session:1"), '{"a":"é"}');
  });

  onPosix("modes", "keeps a value in a file of mode 0600 in a folder of mode 0700", () => {
    store().write("session:1", "canary");
    assert.deepEqual(fs.readdirSync(folder()), ["session%3A1.json"]);
    assert.equal(fs.statSync(file("session%3A1.json")).mode & 0o777, 0o600);
    assert.equal(fs.statSync(folder()).mode & 0o777, 0o700);
  });

  it("forgets one value and no other", () => {
    store().write("a", "1");
    store().write("b", "2");
    store().remove("a");
    assert.deepEqual([store().read("a"), store().read("b")], [undefined, "2"]);
  });

  for (const name of ["../escape", "a/b", "..", ".", "a b", "*?<>|", "aws:id:name", "ü", "a\\b", "%2F"]) {
    it(`keeps a value of the name ${JSON.stringify(name)} in its own folder`, () => {
      store().write(name, "canary");
      assert.equal(store().read(name), "canary");
      assert.deepEqual(fs.readdirSync(path.join(root(), "data")), ["keys"]);
      const [written = "", ...others] = fs.readdirSync(folder());
      assert.deepEqual(others, []);
      assert.match(written, /^[^/\\:*?"<>|]+\.json$/);
    });
  }

  for (const mode of [0o640, 0o604, 0o660, 0o622]) {
    onPosix("modes", `does not believe a value of mode ${mode.toString(8)}, and says how to fix it`, () => {
      store().write("session:1", "canary");
      fs.chmodSync(file("session%3A1.json"), mode);
      assert.throws(() => store().read("session:1"), {
        code: "key-store-failed",
        message: `${file("session%3A1.json")} is not private: mode ${mode.toString(8)}, owner ${process.getuid?.()}.`,
        hint:
          `If you trust its contents, run \`chown ${process.getuid?.()} ${file("session%3A1.json")}\`, then ` +
          `\`chmod 600 ${file("session%3A1.json")}\`; otherwise remove it and log in again.`,
      });
    });
  }

  if (process.getuid?.() === 0) {
    it("does not believe a value of another user", () => {
      store().write("a", "canary");
      fs.chownSync(file("a.json"), 12345, 12345);
      assert.throws(() => store().read("a"), {
        code: "key-store-failed",
        message: `${file("a.json")} is not private: mode 600, owner 12345.`,
      });
    });
  }

  it("makes such a file private again when the value is replaced", () => {
    store().write("a", "1");
    fs.chmodSync(file("a.json"), 0o666);
    store().write("a", "2");
    assert.equal(store().read("a"), "2");
  });

  onPosix("modes", "does not write into a folder that others can write to", () => {
    fs.mkdirSync(folder(), { recursive: true });
    fs.chmodSync(folder(), 0o777);
    assert.throws(() => store().write("a", "canary"), { code: "directory-unsafe" });
    assert.deepEqual(fs.readdirSync(folder()), []);
  });

  onPosix("modes", "says in words why it cannot look for a value", () => {
    fs.writeFileSync(path.join(root(), "data"), "");
    assert.throws(() => store().read("a"), {
      code: "file-unreadable",
      message: `${file("a.json")} cannot be read: a part of its path is not a directory.`,
    });
  });

  it("says so when a value cannot be removed", () => {
    fs.mkdirSync(file("a.json"), { recursive: true });
    assert.throws(() => store().remove("a"), {
      code: "key-store-failed",
      message: /^.*a\.json could not be removed: /,
    });
  });
});
