import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { readPlainFile, readWitnessed } from "../../../token/files/plain-file.ts";
import { HOSTILE_FILES, hugeFile } from "../../support/hostile-files.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("readPlainFile", () => {
  const folder = tempFolder();
  const at = (name: string) => path.join(folder(), name);
  const unreadable = (file: string, why: string) => ({
    code: "file-unreadable",
    message: `${file} cannot be read: ${why}.`,
    hint: `See what is there: \`ls -ldh ${file}\``,
  });

  onPosix("modes", "gives the bytes, and the facts of the file that was read", () => {
    fs.writeFileSync(at("file"), Buffer.from([0, 255, 10]), { mode: 0o640 });
    fs.symlinkSync("file", at("link"));
    const { bytes, facts } = readPlainFile(at("link")) ?? assert.fail();
    assert.deepEqual([...bytes], [0, 255, 10]);
    assert.deepEqual([facts.isFile(), facts.mode & 0o777], [true, 0o640]);
  });

  it("gives nothing for a file that is missing", () => {
    assert.equal(readPlainFile(at("none")), undefined);
  });

  onPosix("shell", "reads a file up to the limit, and refuses one byte more", () => {
    fs.writeFileSync(at("ten"), "1234567890");
    assert.equal(readPlainFile(at("ten"), 10)?.bytes.toString(), "1234567890");
    assert.throws(
      () => readPlainFile(at("ten"), 9),
      unreadable(at("ten"), "it is 10 bytes long; the limit is 9"),
    );
  });

  onPosix("shell", "refuses a huge file by its size", () => {
    hugeFile(at("huge"));
    assert.throws(
      () => readPlainFile(at("huge")),
      unreadable(at("huge"), "it is 8589934592 bytes long; the limit is 16777216"),
    );
  });

  for (const [what, make] of Object.entries(HOSTILE_FILES)) {
    onPosix("modes", `refuses ${what}, at once`, async () => {
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

describe("readWitnessed", () => {
  const folder = tempFolder();
  const at = (name: string) => path.join(folder(), name);
  const later = () => Date.now() + 3000;

  onPosix("links", "gives the text, and the identity of the file behind a link", () => {
    fs.writeFileSync(at("config"), "[default]\n");
    fs.symlinkSync("config", at("link"));
    const { dev, ino, size, mtimeNs, ctimeNs } = fs.statSync(at("config"), { bigint: true });
    assert.deepEqual(readWitnessed(at("link"), later()), {
      text: "[default]\n",
      identity: `${dev}.${ino}.${size}.${mtimeNs}.${ctimeNs}`,
    });
  });

  it("knows no identity of a file that was written less than two seconds ago, nor of one from the future", () => {
    fs.writeFileSync(at("new"), "x");
    const { mtimeMs, ctimeMs } = fs.statSync(at("new"));
    const last = Math.max(mtimeMs, ctimeMs);
    assert.equal(readWitnessed(at("new"), last + 1999).identity, undefined);
    assert.notEqual(readWitnessed(at("new"), last + 2000).identity, undefined);
    assert.equal(readWitnessed(at("new"), last - 60_000).identity, undefined);
  });

  it("knows no identity of a file whose mode was changed just now, old as its text is", () => {
    fs.writeFileSync(at("old"), "x");
    fs.utimesSync(at("old"), 1, 1);
    assert.equal(readWitnessed(at("old"), fs.statSync(at("old")).ctimeMs + 1000).identity, undefined);
  });

  it("gives another identity for other contents of the same size", () => {
    fs.writeFileSync(at("file"), "one");
    const first = readWitnessed(at("file"), later());
    fs.utimesSync(at("file"), 1, 1);
    assert.notEqual(readWitnessed(at("file"), later()).identity, first.identity);
  });

  it("knows no identity of a file that is written to while it is read", () => {
    fs.writeFileSync(at("busy"), "one");
    const { readSync } = fs;
    let isFirst = true;
    fs.readSync = ((...given: Parameters<typeof readSync>) => {
      const count = readSync(...given);
      if (isFirst) fs.appendFileSync(at("busy"), "two");
      isFirst = false;
      return count;
    }) as typeof readSync;
    try {
      assert.equal(readWitnessed(at("busy"), later()).identity, undefined);
    } finally {
      fs.readSync = readSync;
    }
  });

  it("takes a file that is missing for a state", () => {
    fs.writeFileSync(at("file"), "");
    fs.symlinkSync("nowhere", at("dangling"));
    const missing = { text: undefined, identity: "-" };
    for (const name of ["none", "none/below", "file/below", "dangling"])
      assert.deepEqual(readWitnessed(at(name), later()), missing, name);
  });

  for (const [what, make] of Object.entries(HOSTILE_FILES))
    onPosix("modes", `refuses ${what}`, async () => {
      await make(at("it"));
      assert.throws(() => readWitnessed(at("it"), later()), { code: "file-unreadable" });
    });

  it("refuses bytes that are no text", () => {
    fs.writeFileSync(at("bytes"), Buffer.from([0x5b, 0xff, 0x5d]));
    assert.throws(() => readWitnessed(at("bytes"), later()), { code: "file-unreadable" });
  });
});
