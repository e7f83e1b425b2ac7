import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { VouchError } from "../../../token/errors/errors.ts";
import { sessionFolder } from "../../../token/hot/state-files.ts";
import {
  credentialsName,
  forgetCredentials,
  rememberedNames,
  rememberName,
  sessionHolder,
} from "../../../token/session/session-secrets.ts";
import { onPosix } from "../../support/platform.ts";
import { sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { memoryKeyStore } from "../vouch/memory-key-store.ts";

const ID = sessionId(1);

describe("the credentials of a session", () => {
  const state = tempFolder();
  const folder = () => sessionFolder(state(), ID);
  const holder = () => sessionHolder(ID, folder());
  beforeEach(() => fs.mkdirSync(folder(), { recursive: true }));

  onPosix("modes", "are noted by name in the session's folder, for nobody else to see", () => {
    assert.equal(rememberName(holder(), "x"), true);
    assert.equal(rememberName(holder(), "y"), true);
    assert.deepEqual(rememberedNames(holder()).sort(), ["x", "y"]);
    assert.equal(fs.statSync(path.join(folder(), "aws-x")).mode & 0o777, 0o600);
  });

  it("are not noted when the session is gone, whose folder is not made again", () => {
    fs.rmSync(folder(), { recursive: true });
    assert.equal(rememberName(holder(), "x"), false);
    assert.deepEqual([fs.existsSync(folder()), rememberedNames(holder())], [false, []]);
  });

  it("are told from the other files there", () => {
    fs.writeFileSync(path.join(folder(), "token-1.json"), "");
    rememberName(holder(), "x");
    assert.deepEqual(rememberedNames(holder()), ["x"]);
  });

  it("are forgotten together, and counted", () => {
    const keyStore = memoryKeyStore({ [`session:${ID}`]: "kept" });
    for (const name of ["x", "y"]) {
      rememberName(holder(), name);
      keyStore.write(credentialsName(holder(), name), "canary");
    }
    assert.equal(forgetCredentials(holder(), keyStore), 2);
    assert.deepEqual([...keyStore.entries.keys()], [`session:${ID}`]);
    assert.deepEqual(rememberedNames(holder()), []);
    assert.equal(forgetCredentials(holder(), keyStore), 0);
  });

  it("stay noted when the key store does not let go of them", () => {
    const keyStore = memoryKeyStore();
    const locked = () => {
      throw new VouchError("key-store-failed", "locked");
    };
    rememberName(holder(), "x");
    assert.throws(() => forgetCredentials(holder(), { ...keyStore, remove: locked }), {
      code: "key-store-failed",
    });
    assert.deepEqual(rememberedNames(holder()), ["x"]);
  });
});
