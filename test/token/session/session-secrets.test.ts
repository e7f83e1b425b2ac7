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
} from "../../../token/session/session-secrets.ts";
import { sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { memoryKeyStore } from "../vouch/memory-key-store.ts";

const ID = sessionId(1);

describe("the credentials of a session", () => {
  const state = tempFolder();
  const folder = () => sessionFolder(state(), ID);
  beforeEach(() => fs.mkdirSync(folder(), { recursive: true }));

  it("are noted by name in the session's folder, for nobody else to see", () => {
    assert.equal(rememberName(state(), ID, "x"), true);
    assert.equal(rememberName(state(), ID, "y"), true);
    assert.deepEqual(rememberedNames(folder()).sort(), ["x", "y"]);
    assert.equal(fs.statSync(path.join(folder(), "aws-x")).mode & 0o777, 0o600);
  });

  it("are not noted when the session is gone, whose folder is not made again", () => {
    fs.rmSync(folder(), { recursive: true });
    assert.equal(rememberName(state(), ID, "x"), false);
    assert.deepEqual([fs.existsSync(folder()), rememberedNames(folder())], [false, []]);
  });

  it("are told from the other files there", () => {
    fs.writeFileSync(path.join(folder(), "token-1.json"), "");
    rememberName(state(), ID, "x");
    assert.deepEqual(rememberedNames(folder()), ["x"]);
  });

  it("are forgotten together, and counted", () => {
    const keyStore = memoryKeyStore({ [`session:${ID}`]: "kept" });
    for (const name of ["x", "y"]) {
      rememberName(state(), ID, name);
      keyStore.write(credentialsName(ID, name), "canary");
    }
    assert.equal(forgetCredentials({ state: state(), keyStore }, ID), 2);
    assert.deepEqual([...keyStore.entries.keys()], [`session:${ID}`]);
    assert.deepEqual(rememberedNames(folder()), []);
    assert.equal(forgetCredentials({ state: state(), keyStore }, ID), 0);
  });

  it("stay noted when the key store does not let go of them", () => {
    const keyStore = memoryKeyStore();
    const locked = () => {
      throw new VouchError("key-store-failed", "locked");
    };
    rememberName(state(), ID, "x");
    assert.throws(
      () => forgetCredentials({ state: state(), keyStore: { ...keyStore, remove: locked } }, ID),
      {
        code: "key-store-failed",
      },
    );
    assert.deepEqual(rememberedNames(folder()), ["x"]);
  });
});
