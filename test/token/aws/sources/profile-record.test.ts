import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  loadProfileRecord,
  type ProfileRecord,
  saveProfileRecord,
} from "../../../../token/aws/sources/profile-record.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const KEY = { profile: "dev", configFile: "/home/ada/.aws/config" };
const RECORD: ProfileRecord = {
  ...KEY,
  endpoints: { awsCaBundle: "/etc/ca.pem", stsEndpoint: "https://sts.example.com/" },
  process: {
    line: "helper --x",
    configFile: KEY.configFile,
    program: "/usr/bin/helper",
    env: { PATH: "/bin" },
  },
  container: { uri: "https://creds.example.com/", tokenFile: "/token" },
  metadataEndpoint: "http://127.0.0.1:1234/",
};
const NOTHING = { process: undefined, container: undefined, metadataEndpoint: undefined };

describe("what setup or login settled for a profile", () => {
  const folder = tempFolder();
  const state = () => path.join(folder(), "state");
  const files = () => fs.readdirSync(path.join(state(), "profiles"));
  const write = (text: string) => {
    saveProfileRecord(state(), RECORD);
    fs.writeFileSync(path.join(state(), "profiles", files()[0] ?? ""), text);
  };

  it("comes back as it was, one for each profile of each file, in a private file", () => {
    saveProfileRecord(state(), RECORD);
    const others = [
      { ...KEY, profile: null, endpoints: {}, ...NOTHING },
      { ...KEY, configFile: "/other", endpoints: {}, ...NOTHING },
    ];
    for (const other of others) saveProfileRecord(state(), other);
    assert.deepEqual(loadProfileRecord(state(), KEY), RECORD);
    for (const other of others) assert.deepEqual(loadProfileRecord(state(), other), other);
    assert.equal(loadProfileRecord(state(), { ...KEY, profile: "third" }), undefined);
    assert.equal(files().length, 3);
    for (const name of files()) {
      assert.match(name, /^[0-9a-f]{16}\.json$/);
      assert.equal(fs.statSync(path.join(state(), "profiles", name)).mode & 0o777, 0o600);
    }
    assert.equal(fs.statSync(path.join(state(), "profiles")).mode & 0o777, 0o700);
  });

  it("is replaced as a whole: what is not settled any more is gone", () => {
    saveProfileRecord(state(), RECORD);
    saveProfileRecord(state(), { ...KEY, endpoints: {} });
    assert.deepEqual(loadProfileRecord(state(), KEY), { ...KEY, endpoints: {}, ...NOTHING });
  });

  it("is not believed where others could have written it, or a link stands for it", () => {
    saveProfileRecord(state(), RECORD);
    const file = path.join(state(), "profiles", files()[0] ?? "");
    fs.chmodSync(file, 0o622);
    assert.equal(loadProfileRecord(state(), KEY), undefined);
  });

  for (const text of [
    "",
    "{",
    "[]",
    JSON.stringify({ ...RECORD, version: 2 }),
    JSON.stringify({ ...RECORD, version: 1, profile: "x" }),
  ])
    it(`is unknown where the file says ${text.slice(0, 30)}`, () => {
      write(text);
      assert.equal(loadProfileRecord(state(), KEY), undefined);
    });

  for (const [part, spoilt] of [
    ["metadataEndpoint", "http://evil.example.com/"],
    ["metadataEndpoint", "https://169.254.169.254/"],
    ["container", { uri: "nonsense" }],
    ["process", { ...RECORD.process, program: "helper" }],
  ] as const)
    it(`leaves out what nobody would have recorded: ${part} ${JSON.stringify(spoilt).slice(0, 40)}`, () => {
      write(JSON.stringify({ version: 1, ...RECORD, [part]: spoilt }));
      assert.deepEqual(loadProfileRecord(state(), KEY), { ...RECORD, [part]: undefined });
    });
});
