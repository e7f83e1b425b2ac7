import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readPlainFile } from "../../../token/files/plain-file.ts";
import { HOSTILE_FILES, hugeFile } from "../../support/hostile-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("readPlainFile", () => {
  const folder = tempFolder();
  const at = (name: string) => path.join(folder(), name);
  const unreadable = (file: string, why: string) => ({
    code: "file-unreadable",
    message: `${file} cannot be read: ${why}.`,
    hint: `Check its owner and mode: \`ls -ld ${file}\``,
  });

  it("gives the bytes, and the facts of the file that was read", () => {
    fs.writeFileSync(at("file"), Buffer.from([0, 255, 10]), { mode: 0o640 });
    fs.symlinkSync("file", at("link"));
    const { bytes, facts } = readPlainFile(at("link")) ?? assert.fail();
    assert.deepEqual([...bytes], [0, 255, 10]);
    assert.deepEqual([facts.isFile(), facts.mode & 0o777], [true, 0o640]);
  });

  it("gives nothing for a file that is missing", () => {
    assert.equal(readPlainFile(at("none")), undefined);
  });

  it("reads a file up to the limit, and refuses one byte more", () => {
    fs.writeFileSync(at("ten"), "1234567890");
    assert.equal(readPlainFile(at("ten"), 10)?.bytes.toString(), "1234567890");
    assert.throws(
      () => readPlainFile(at("ten"), 9),
      unreadable(at("ten"), "it is 10 bytes long; the limit is 9"),
    );
  });

  it("refuses a huge file by its size", () => {
    hugeFile(at("huge"));
    assert.throws(
      () => readPlainFile(at("huge")),
      unreadable(at("huge"), "it is 8589934592 bytes long; the limit is 16777216"),
    );
  });

  for (const [what, make] of Object.entries(HOSTILE_FILES)) {
    it(`refuses ${what}, at once`, async () => {
      await make(at("it"));
      const why = what === "a directory" ? what : `${what}, not a file`;
      assert.throws(() => readPlainFile(at("it")), unreadable(at("it"), `it is ${why}`));
    });
  }

  if (process.platform === "linux") {
    it("reads what the kernel shows as a plain file without a size, and no more of it than the limit", () => {
      assert.match(readPlainFile("/proc/self/cmdline")?.bytes.toString() ?? "", /mocha/);
      assert.throws(
        () => readPlainFile("/proc/self/cmdline", 5),
        unreadable("/proc/self/cmdline", "it is longer than the limit of 5 bytes"),
      );
    });

    it("waits for nobody who holds the other end of a descriptor", () => {
      assert.throws(() => readPlainFile("/proc/self/fd"), { code: "file-unreadable" });
    });
  }
});
