import assert from "node:assert/strict";
import fs from "node:fs";
import { profilesFolder } from "../../../token/hot/state-files.ts";
import { makeProfilesFolder, sweepProfilesFolder } from "../../../token/mint/profile-source.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const HOUR = 3_600_000;

describe("sweepProfilesFolder", () => {
  const state = tempFolder();

  it("removes old tokens and what nobody writes any more, at one look", () => {
    makeProfilesFolder(state());
    const folder = profilesFolder(state());
    const now = Date.now();
    const put = (name: string, ageMs: number) => {
      fs.writeFileSync(`${folder}/${name}`, "{}");
      fs.utimesSync(`${folder}/${name}`, new Date(now - ageMs), new Date(now - ageMs));
    };
    put("token-0123abcd.json", HOUR + 1000);
    put("token-4567abcd.json", HOUR - 1000);
    put(".vouch-0123456789ab.tmp", HOUR);
    put("other", 2 * HOUR);
    const { readdirSync } = fs;
    let looks = 0;
    fs.readdirSync = ((...given: Parameters<typeof readdirSync>) => {
      looks += 1;
      return readdirSync(...given);
    }) as typeof readdirSync;
    try {
      sweepProfilesFolder(state(), now);
    } finally {
      fs.readdirSync = readdirSync;
    }
    assert.deepEqual(fs.readdirSync(folder).sort(), ["other", "token-4567abcd.json"]);
    assert.equal(looks, 1);
  });
});
