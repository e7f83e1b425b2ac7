import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { prepareFile } from "../../../token/files/prepared-file.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("a prepared file", () => {
  const folder = tempFolder();
  const at = (name: string) => path.join(folder(), name);

  for (const [what, text] of [
    ["short", "canary ö"],
    ["longer than the room that was put by", "ö".repeat(40_000)],
  ] as const)
    it(`becomes the file as a whole, for its owner alone: a text that is ${what}`, () => {
      fs.writeFileSync(at("file"), "before", { mode: 0o644 });
      const prepared = prepareFile(at("file"));
      assert.equal(fs.readFileSync(at("file"), "utf8"), "before");
      prepared.replace(text);
      prepared.release();
      assert.equal(fs.readFileSync(at("file"), "utf8"), text);
      assert.equal(fs.statSync(at("file")).mode & 0o777, 0o600);
      assert.deepEqual(fs.readdirSync(folder()), ["file"]);
    });

  it("has room on the disk before anything is written", () => {
    const prepared = prepareFile(at("file"));
    const [temporary = ""] = fs.readdirSync(folder());
    const { size, mode } = fs.statSync(at(temporary));
    assert.deepEqual([size, mode & 0o777], [32 * 1024, 0o600]);
    prepared.release();
    assert.deepEqual(fs.readdirSync(folder()), []);
  });

  it("can be tried again after a failure", () => {
    fs.mkdirSync(at("file"));
    const prepared = prepareFile(at("file"));
    assert.throws(() => prepared.replace("a longer text"), { code: "file-unwritable" });
    fs.rmdirSync(at("file"));
    prepared.replace("text");
    assert.equal(fs.readFileSync(at("file"), "utf8"), "text");
  });

  it("is made anew where somebody has removed it meanwhile", () => {
    const prepared = prepareFile(at("file"));
    for (const name of fs.readdirSync(folder())) fs.rmSync(at(name));
    prepared.replace("canary");
    prepared.release();
    assert.equal(fs.readFileSync(at("file"), "utf8"), "canary");
    assert.equal(fs.statSync(at("file")).mode & 0o777, 0o600);
    assert.deepEqual(fs.readdirSync(folder()), ["file"]);
  });

  it("says why, where its folder is gone", () => {
    fs.mkdirSync(at("below"));
    const prepared = prepareFile(at("below/file"));
    fs.rmSync(at("below"), { recursive: true });
    assert.throws(() => prepared.replace("text"), { code: "file-unwritable" });
    prepared.release();
    assert.deepEqual(fs.readdirSync(folder()), []);
  });

  it("is refused at once where nothing can be written", () => {
    assert.throws(() => prepareFile(at("none/file")), { code: "file-unwritable" });
    assert.equal(fs.existsSync(at("none")), false);
  });
});
