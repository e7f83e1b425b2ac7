import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import {
  loadProfileRecord,
  NOTHING_SETTLED,
  type ProfileName,
  type ProfileRecord,
  saveProfileRecord,
} from "../../../../token/aws/sources/profile-record.ts";
import { onPosix } from "../../../support/platform.ts";
import { tempFolder } from "../../../support/temp-folder.ts";

const DEV: ProfileName = { profile: "dev", configFile: "/home/ada/.aws/config" };
const RECORD: ProfileRecord = {
  endpoints: { awsCaBundle: "/etc/ca.pem", stsEndpoint: "https://sts.example.com/" },
  process: {
    line: "helper --x",
    configFile: DEV.configFile,
    program: "/usr/bin/helper",
    env: { PATH: "/bin" },
  },
  container: { uri: "https://creds.example.com/", tokenFile: "/token" },
  metadataEndpoint: "http://127.0.0.1:1234/",
};

describe("what setup or login settled for a profile", () => {
  const folder = tempFolder();
  const file = () => path.join(folder(), "profiles.json");
  const save = (name: ProfileName, record: ProfileRecord) =>
    saveProfileRecord(folder(), name, { record, clock: Date.now, signal: new AbortController().signal });
  const load = (name = DEV) => loadProfileRecord(folder(), name);

  onPosix("modes", "comes back as it was, one for each profile of each file, in a private file", async () => {
    await save(DEV, RECORD);
    await save({ ...DEV, profile: undefined }, NOTHING_SETTLED);
    await save({ ...DEV, configFile: "/other" }, { ...NOTHING_SETTLED, endpoints: { awsCaBundle: "/x" } });
    assert.deepEqual(load(), RECORD);
    assert.deepEqual(load({ ...DEV, profile: undefined }), NOTHING_SETTLED);
    assert.deepEqual(load({ ...DEV, configFile: "/other" })?.endpoints, { awsCaBundle: "/x" });
    assert.equal(load({ ...DEV, profile: "third" }), undefined);
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
    await save(DEV, NOTHING_SETTLED);
    assert.deepEqual(load(), NOTHING_SETTLED);
  });

  onPosix("modes", "is not believed where others could have written it", async () => {
    await save(DEV, RECORD);
    fs.chmodSync(file(), 0o622);
    assert.equal(load(), undefined);
  });

  for (const [part, spoilt] of [
    ["metadataEndpoint", "http://evil.example.com/"],
    ["metadataEndpoint", "https://169.254.169.254/"],
    ["container", { uri: "nonsense" }],
    ["container", { ...RECORD.container, tokenFile: "token" }],
    ["process", { ...RECORD.process, program: "helper" }],
    ["process", { ...RECORD.process, line: 1 }],
  ] as const)
    it(`leaves out what nobody would have settled: ${part} ${JSON.stringify(spoilt).slice(0, 40)}`, async () => {
      await save(DEV, RECORD);
      const records = JSON.parse(fs.readFileSync(file(), "utf8"));
      for (const record of Object.values<Record<string, unknown>>(records.profiles)) record[part] = spoilt;
      fs.writeFileSync(file(), JSON.stringify(records));
      assert.deepEqual(load(), { ...RECORD, [part]: undefined });
    });
});
