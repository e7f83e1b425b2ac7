import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fnv32 } from "../../../token/hot/fnv.ts";
import { BURST_MS, findMark } from "../../../token/hot/mark.ts";
import { markFile, marksFolder } from "../../../token/hot/state-files.ts";
import { leaveMark, recallMark } from "../../../token/mint/marks.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the marks of bursts", () => {
  const root = tempFolder();
  const place = (parentId = 1, key = "key") => ({ state: path.join(root(), "state"), key, parentId });
  const now = Date.now();
  const mark = { first: now, expires: now + 600_000, renewed: false, excused: false };

  const file = (key = "key") => markFile(place().state, fnv32(key));

  it("are found by key and process while the burst lasts", () => {
    leaveMark(place(), mark, now);
    assert.deepEqual(recallMark(place(), now + BURST_MS - 1), mark);
    assert.equal(recallMark(place(), now + BURST_MS), undefined);
    assert.equal(recallMark(place(2), now), undefined);
    assert.equal(recallMark(place(1, "other"), now), undefined);
  });

  it("of several processes lie in one file", () => {
    const renewed = { ...mark, renewed: true };
    leaveMark(place(1), mark, now);
    leaveMark(place(2), renewed, now);
    assert.deepEqual(
      [1, 2].map((id) => recallMark(place(id), now)),
      [mark, renewed],
    );
    assert.deepEqual(fs.readdirSync(marksFolder(place().state)), [path.basename(file())]);
  });

  onPosix("modes", "are private files in a private folder", () => {
    leaveMark(place(), mark, now);
    assert.equal(fs.statSync(marksFolder(place().state)).mode & 0o777, 0o700);
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
  });

  it("are written into the file that is there, however old it is: the warm path may have it open", () => {
    leaveMark(place(1), mark, now);
    fs.utimesSync(file(), 0, (now - 61_000) / 1000);
    const open = fs.openSync(file(), "r");
    try {
      leaveMark(place(2), mark, now);
      assert.deepEqual(findMark(fs.readFileSync(open, "utf8"), 2, now), mark);
      assert.deepEqual(recallMark(place(1), now), mark);
    } finally {
      fs.closeSync(open);
    }
  });

  onPosix("modes", "replace a file that others may write, which nobody believes", () => {
    leaveMark(place(1), mark, now);
    fs.chmodSync(file(), 0o666);
    leaveMark(place(2), mark, now);
    assert.deepEqual(
      [1, 2].map((id) => recallMark(place(id), now)),
      [undefined, mark],
    );
    assert.equal(fs.statSync(file()).mode & 0o777, 0o600);
  });

  it("replace a link, and leave alone what it points to", () => {
    leaveMark(place(1, "other"), mark, now);
    const bait = path.join(root(), "bait");
    fs.writeFileSync(bait, "old", { mode: 0o600 });
    fs.symlinkSync(bait, file());
    leaveMark(place(), mark, now);
    assert.equal(fs.readFileSync(bait, "utf8"), "old");
    assert.deepEqual(recallMark(place(), now), mark);
  });

  it("are swept when nobody has written them for a minute, whatever left them", () => {
    const { state } = place();
    leaveMark(place(1, "old"), mark, now);
    leaveMark(place(1, "young"), mark, now);
    const aged = (what: string, ageMs: number) => fs.utimesSync(what, 0, (now - ageMs) / 1000);
    const failed = (id: number) => path.join(marksFolder(state), `failed-0-${id}.json`);
    fs.writeFileSync(failed(1), "{}");
    fs.writeFileSync(failed(2), "{}");
    aged(file("old"), 61_000);
    aged(failed(1), 61_000);
    aged(file("young"), 59_000);
    aged(failed(2), 59_000);
    leaveMark(place(), mark, now);
    assert.deepEqual(
      fs.readdirSync(marksFolder(state)).sort(),
      [file(), file("young"), failed(2)].map((left) => path.basename(left)).sort(),
    );
  });

  it("are no reason to fail where they cannot be left", () => {
    fs.writeFileSync(path.join(root(), "state"), "a file");
    leaveMark(place(), mark, now);
    assert.equal(fs.readFileSync(path.join(root(), "state"), "utf8"), "a file");
  });
});
