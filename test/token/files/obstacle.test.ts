import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { obstacle } from "../../../token/files/obstacle.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("obstacle", () => {
  const folder = tempFolder();
  const at = (...parts: string[]) => path.join(folder(), ...parts);

  it("is the file itself where the way is open", () => {
    assert.equal(obstacle(at("none")), at("none"));
    assert.equal(obstacle(at("no", "folder", "either")), at("no", "folder", "either"));
    assert.equal(obstacle("package.json"), "package.json");
    assert.equal(obstacle("/"), "/");
  });

  it("is what stands where a folder should", () => {
    fs.writeFileSync(at("file"), "");
    assert.equal(obstacle(at("file", "a", "b")), at("file"));
    fs.symlinkSync("file", at("link"));
    assert.equal(obstacle(at("link", "a")), at("link"));
  });

  it("is the first folder that may not be entered", () => {
    const closed = ["/a/b", "/a/b/c"];
    assert.equal(
      obstacle("/a/b/c/d", (one) => !closed.includes(one)),
      "/a/b",
    );
  });
});
