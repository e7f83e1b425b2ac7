import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fnv64 } from "../../../token/hot/fnv.ts";
import { BURST_MS } from "../../../token/hot/mark.ts";
import { markFile, marksFolder } from "../../../token/hot/state-files.ts";
import { findMark, leaveMark } from "../../../token/mint/marks.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the marks of bursts", () => {
  const root = tempFolder();
  const place = (parentId = 1, key = "key") => ({ state: path.join(root(), "state"), key, parentId });
  const now = Date.now();
  const mark = { first: now, expires: now + 600_000, renewed: false };

  it("are found by key and process while the burst lasts", () => {
    leaveMark(place(), mark);
    assert.deepEqual(findMark(place(), now + BURST_MS - 1), mark);
    assert.equal(findMark(place(), now + BURST_MS), undefined);
    assert.equal(findMark(place(2), now), undefined);
    assert.equal(findMark(place(1, "other"), now), undefined);
  });

  it("are private files in a private folder", () => {
    leaveMark(place(), mark);
    const { state } = place();
    assert.equal(fs.statSync(marksFolder(state)).mode & 0o777, 0o700);
    assert.equal(fs.statSync(markFile(state, fnv64("key"), 1)).mode & 0o777, 0o600);
  });

  it("are swept when they are more than a minute old, whatever left them", () => {
    const { state } = place();
    leaveMark(place(1), mark);
    const old = path.join(marksFolder(state), "failed-0-1.json");
    const young = path.join(marksFolder(state), "failed-0-2.json");
    for (const [file, ageMs] of [
      [old, 61_000],
      [young, 59_000],
    ] as const) {
      fs.writeFileSync(file, "{}");
      fs.utimesSync(file, (now - ageMs) / 1000, (now - ageMs) / 1000);
    }
    leaveMark(place(2), mark);
    assert.deepEqual(
      fs.readdirSync(marksFolder(state)).sort(),
      [markFile(state, fnv64("key"), 1), markFile(state, fnv64("key"), 2), young]
        .map((file) => path.basename(file))
        .sort(),
    );
  });

  it("are no reason to fail where they cannot be left", () => {
    fs.writeFileSync(path.join(root(), "state"), "a file");
    leaveMark(place(), mark);
    assert.equal(fs.readFileSync(path.join(root(), "state"), "utf8"), "a file");
  });
});
