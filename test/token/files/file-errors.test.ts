import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { obstacle, systemError } from "../../../token/files/file-errors.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("an error of the file system", () => {
  const folder = tempFolder();
  const thrownBy = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      return error;
    }
    return assert.fail("nothing was thrown");
  };

  onPosix("modes", "is one of ours, with the path and the reason", () => {
    const file = path.join(folder(), "file");
    fs.writeFileSync(file, "");
    const { code, message } =
      systemError(thrownBy(() => fs.readdirSync(path.join(file, "in")))) ?? assert.fail();
    assert.equal(code, "file-unreadable");
    assert.equal(message, `${path.join(file, "in")} cannot be read: a part of its path is not a directory.`);
  });

  onPosix("modes", "says that something cannot be written where that was tried", () => {
    const isFolder = systemError(thrownBy(() => fs.rmSync(folder(), { force: true })));
    assert.equal(isFolder?.message, `${folder()} cannot be written: it is a directory.`);
    const loop = path.join(folder(), "loop");
    fs.symlinkSync("loop", loop);
    const { code, message } =
      systemError(thrownBy(() => fs.mkdirSync(path.join(loop, "in")))) ?? assert.fail();
    assert.equal(code, "file-unwritable");
    assert.equal(message, `${path.join(loop, "in")} cannot be written: its symbolic links form a loop.`);
  });

  it("is one also where a write names no file, and the disk is full", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    assert.equal(systemError(error)?.message, "A file cannot be written: the disk is full.");
  });

  it("names the limit of open files", () => {
    const error = Object.assign(new Error("EMFILE: too many open files, open '/x'"), {
      code: "EMFILE",
      path: "/x",
    });
    assert.equal(systemError(error)?.code, "too-many-open-files");
  });

  it("is none of ours where we should have known better, or where no file is meant", () => {
    assert.equal(systemError(thrownBy(() => fs.readFileSync(path.join(folder(), "none")))), undefined);
    assert.equal(systemError(Object.assign(new Error("write EPIPE"), { code: "EPIPE" })), undefined);
    assert.equal(systemError(new TypeError("x is not a function")), undefined);
    assert.equal(systemError(undefined), undefined);
  });
});

describe("obstacle", () => {
  const folder = tempFolder();
  const at = (...parts: string[]) => path.join(folder(), ...parts);

  it("is the file itself where the way is open", () => {
    assert.equal(obstacle(at("none")), at("none"));
    assert.equal(obstacle(at("no", "folder", "either")), at("no", "folder", "either"));
    assert.equal(obstacle("package.json"), "package.json");
    assert.equal(obstacle("/"), "/");
  });

  onPosix("links", "is what stands where a folder should", () => {
    fs.writeFileSync(at("file"), "");
    assert.equal(obstacle(at("file", "a", "b")), at("file"));
    fs.symlinkSync("file", at("link"));
    assert.equal(obstacle(at("link", "a")), at("link"));
  });

  onPosix("modes", "is the first folder that may not be entered", () => {
    const closed = ["/a/b", "/a/b/c"];
    assert.equal(
      obstacle("/a/b/c/d", (one) => !closed.includes(one)),
      "/a/b",
    );
  });
});
