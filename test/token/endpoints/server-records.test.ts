import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { loadServerRecord, saveServerRecord } from "../../../token/endpoints/server-records.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SERVER = "https://vouch.example.com";
const RECORD = {
  endpoints: { vouchCaBundle: "/etc/ca.pem" },
  folders: { state: "/home/ada/s", config: "/home/ada/c", keys: "/home/ada/k" },
};

describe("what the last login at a server settled", () => {
  const folder = tempFolder();
  const file = () => path.join(folder(), "servers.json");
  const save = (server: string) =>
    saveServerRecord(folder(), server, {
      record: RECORD,
      clock: Date.now,
      signal: new AbortController().signal,
    });

  onPosix("modes", "comes back as it was, one for each server, in a private file", async () => {
    await save(SERVER);
    await save("https://other.example.com");
    assert.deepEqual(loadServerRecord(folder(), SERVER), RECORD);
    assert.equal(loadServerRecord(folder(), "https://third.example.com"), undefined);
    assert.equal(loadServerRecord(folder(), "toString"), undefined);
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
    assert.deepEqual(fs.readdirSync(folder()), ["servers.json"]);
  });

  onPosix("modes", "is not believed where others could have written it", async () => {
    await save(SERVER);
    fs.chmodSync(file(), 0o622);
    assert.equal(loadServerRecord(folder(), SERVER), undefined);
  });

  for (const text of [
    "",
    "{",
    "[]",
    '{"version":2,"servers":{}}',
    `{"version":1,"servers":{"${SERVER}":{}}}`,
  ])
    it(`is unknown where the file says ${text}`, () => {
      fs.writeFileSync(file(), text, { mode: 0o600 });
      assert.equal(loadServerRecord(folder(), SERVER), undefined);
    });
});
