import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { whyFailed } from "../../../token/files/file-errors.ts";
import { readTextFile } from "../../../token/files/plain-file.ts";
import {
  ensurePrivateDirectory,
  linkTarget,
  prepareFile,
  type WriteCalls,
  writeFileAtomically,
} from "../../../token/files/private-file.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const isRoot = process.getuid?.() === 0;

describe("a private file", () => {
  let folder: string;
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const modeOf = (file: string) => (fs.statSync(file).mode & 0o7777).toString(8);

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "private-file-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe("readTextFile", () => {
    it("gives the text with its byte order mark and line endings", () => {
      fs.writeFileSync(at("file"), "\ufeffa\r\nb");
      assert.equal(readTextFile(at("file")), "\ufeffa\r\nb");
    });

    it("gives nothing for a file that is missing, also behind a dangling link", () => {
      fs.symlinkSync("nowhere", at("link"));
      assert.deepEqual([readTextFile(at("none")), readTextFile(at("link"))], [undefined, undefined]);
    });

    const refusals: [string, (file: string) => void, string][] = [
      ["a directory", (file) => fs.mkdirSync(file), "it is a directory"],
      [
        "a file that is too large",
        (file) => fs.writeFileSync(file, "12345678901"),
        "it is 11 bytes long; the limit is 10",
      ],
      [
        "bytes that are not UTF-8",
        (file) => fs.writeFileSync(file, Buffer.from([0x61, 0x0a, 0x0a, 0xc3, 0x28])),
        "it is not UTF-8 text: the first invalid byte is in line 3",
      ],
      ["a loop of links", (file) => fs.symlinkSync(file, file), "its symbolic links form a loop"],
    ];
    for (const [what, make, why] of refusals) {
      onPosix("links", `refuses ${what}`, () => {
        make(at("file"));
        assert.throws(() => readTextFile(at("file"), 10), {
          code: "file-unreadable",
          message: `${at("file")} cannot be read: ${why}.`,
        });
      });
    }

    const encodings: [string, string, Buffer][] = [
      ["UTF-16, little-endian", "UTF-16", Buffer.from("\ufeffkind: Config\n", "utf16le")],
      ["UTF-16, big-endian", "UTF-16", Buffer.from("\ufeffkind: Config\n", "utf16le").swap16()],
      ["UTF-16, little-endian, without byte order mark", "UTF-16LE", Buffer.from("kind", "utf16le")],
      ["UTF-16, big-endian, without byte order mark", "UTF-16BE", Buffer.from("kind", "utf16le").swap16()],
    ];
    for (const [what, name, bytes] of encodings) {
      onPosix("shell", `names ${what}, and says how to convert it`, () => {
        const file = at("file");
        fs.writeFileSync(file, bytes);
        assert.throws(() => readTextFile(file), {
          code: "file-unreadable",
          message: `${file} cannot be read: its text is ${what}, but must be UTF-8.`,
          hint: `Convert it but keep the original: \`cp ${file} ${file}.utf16\`, then \`iconv -f ${name} -t UTF-8 ${file}.utf16 > ${file}\``,
        });
      });
    }

    onPosix("shell", "says in which line bytes are no UTF-8, and opens it there", () => {
      fs.writeFileSync(at("file"), Buffer.from("a: b\nc: caf\xe9\n", "latin1"));
      assert.throws(() => readTextFile(at("file")), {
        message: `${at("file")} cannot be read: it is not UTF-8 text: the first invalid byte is in line 2.`,
        hint: `Rewrite that line in UTF-8: \`vi +2 ${at("file")}\``,
      });
    });

    onPosix("modes", "refuses a path that leads through a file", () => {
      fs.writeFileSync(at("file"), "");
      assert.throws(() => readTextFile(at("file", "inside")), {
        code: "file-unreadable",
        message: `${at("file", "inside")} cannot be read: a part of its path is not a directory.`,
        hint: `See what is there: \`ls -ldh ${at("file")}\``,
      });
    });

    if (!isRoot) {
      onPosix("modes", "refuses a file we may not read", () => {
        fs.writeFileSync(at("file"), "", { mode: 0 });
        assert.throws(() => readTextFile(at("file")), {
          code: "file-unreadable",
          message: /permission denied/,
        });
      });
    }
  });

  describe("writeFileAtomically", () => {
    onPosix("modes", "makes a file of mode 0600 and leaves nothing else", () => {
      writeFileAtomically(at("file"), "text");
      assert.deepEqual(fs.readdirSync(folder), ["file"]);
      assert.deepEqual([fs.readFileSync(at("file"), "utf8"), modeOf(at("file"))], ["text", "600"]);
    });

    const hints: [string, (file: string) => string, string][] = [
      ["its folder is missing", (file) => path.join(file, "no", "it"), "Create its folder: `mkdir -p %/no`"],
      ["nothing can be created", () => "/proc/vouch", "See what is there: `ls -ldh /proc/vouch`"],
      ["a folder stands there", (file) => file, "Check its owner and mode: `ls -ld %`"],
    ];
    for (const [what, place, hint] of hints) {
      onPosix("modes", `says what to do where ${what}`, () => {
        fs.mkdirSync(at("it"));
        const expected = { code: "file-unwritable", hint: hint.replace("%", at("it")) };
        assert.throws(() => writeFileAtomically(place(at("it")), "", { keepIdentity: true }), expected);
      });
    }

    it("replaces a longer text whole", () => {
      fs.writeFileSync(at("file"), "a much longer text");
      writeFileAtomically(at("file"), new TextEncoder().encode("short"));
      assert.equal(fs.readFileSync(at("file"), "utf8"), "short");
    });

    onPosix("modes", "makes a file of ours private that was not, and replaces a link in its place", () => {
      fs.writeFileSync(at("open"), "", { mode: 0o644 });
      fs.chmodSync(at("open"), 0o644);
      fs.symlinkSync("open", at("link"));
      writeFileAtomically(at("open"), "1");
      writeFileAtomically(at("link"), "2");
      assert.equal(modeOf(at("open")), "600");
      assert.equal(fs.lstatSync(at("link")).isSymbolicLink(), false);
      assert.equal(fs.readFileSync(at("open"), "utf8"), "1");
    });

    onPosix("modes", "keeps the mode of a file that belongs to others too", () => {
      fs.writeFileSync(at("file"), "");
      fs.chmodSync(at("file"), 0o640);
      writeFileAtomically(at("file"), "new", { keepIdentity: true });
      assert.deepEqual([fs.readFileSync(at("file"), "utf8"), modeOf(at("file"))], ["new", "640"]);
    });

    onPosix("links", "writes through a chain of links and leaves the links", () => {
      fs.mkdirSync(at("real"));
      fs.writeFileSync(at("real", "config"), "old");
      fs.symlinkSync("real/config", at("second"));
      fs.symlinkSync(at("second"), at("first"));
      writeFileAtomically(at("first"), "new", { keepIdentity: true });
      assert.equal(fs.readFileSync(at("real", "config"), "utf8"), "new");
      assert.deepEqual(
        [fs.readlinkSync(at("first")), fs.readlinkSync(at("second"))],
        [at("second"), "real/config"],
      );
      assert.deepEqual(fs.readdirSync(folder).sort(), ["first", "real", "second"]);
    });

    onPosix("links", "makes the file that a dangling link leads to", () => {
      fs.symlinkSync("target", at("link"));
      writeFileAtomically(at("link"), "new", { keepIdentity: true });
      assert.equal(fs.readFileSync(at("target"), "utf8"), "new");
      assert.equal(fs.readlinkSync(at("link")), "target");
    });

    if (isRoot) {
      it("leaves another user's file to that user when root writes it", () => {
        fs.writeFileSync(at("file"), "");
        fs.chownSync(at("file"), 12345, 23456);
        writeFileAtomically(at("file"), "new", { keepIdentity: true });
        const { uid, gid } = fs.statSync(at("file"));
        assert.deepEqual([uid, gid], [12345, 23456]);
      });
    }

    const refusals: [string, (file: string) => void, string][] = [
      ["a directory", (file) => fs.mkdirSync(file), "it is a directory"],
      ["a loop of links", (file) => fs.symlinkSync(file, file), "its symbolic links form a loop"],
    ];
    for (const [what, make, why] of refusals) {
      onPosix("links", `refuses ${what}`, () => {
        make(at("file"));
        assert.throws(() => writeFileAtomically(at("file"), "x", { keepIdentity: true }), {
          code: "file-unwritable",
          message: `${at("file")} cannot be written: ${why}.`,
        });
        assert.deepEqual(fs.readdirSync(folder), ["file"]);
      });
    }

    it("refuses a device rather than put a file in its place", () => {
      assert.throws(() => writeFileAtomically("/dev/null", "x", { keepIdentity: true }), {
        code: "file-unwritable",
        message: "/dev/null cannot be written: it is not a regular file.",
      });
      assert.equal(fs.statSync("/dev/null").isCharacterDevice(), true);
    });

    it("refuses a folder that is missing", () => {
      assert.throws(() => writeFileAtomically(at("none", "file"), "x"), {
        code: "file-unwritable",
        message: `${at("none", "file")} cannot be written: its folder does not exist.`,
      });
    });

    const failures: [keyof WriteCalls, string, string][] = [
      ["openSync", "EROFS", "the file system is read-only"],
      ["openSync", "EACCES", "permission denied"],
      ["writeSync", "ENOSPC", "the disk is full"],
      ["fsyncSync", "EDQUOT", "the disk quota is used up"],
      ["closeSync", "EIO", "EIO: made up"],
      [
        "renameSync",
        "EBUSY",
        process.platform === "win32" ? "another program has it open" : "it is in use, or it is a mount point",
      ],
    ];
    for (const [call, code, why] of failures) {
      it(`leaves the old bytes when ${call} fails with ${code}`, () => {
        fs.writeFileSync(at("file"), "old");
        const fail = (file: number) => {
          if (call === "closeSync") fs.closeSync(file);
          throw Object.assign(new Error(`${code}: made up`), { code });
        };
        assert.throws(() => writeFileAtomically(at("file"), "new", { calls: { ...fs, [call]: fail } }), {
          code: "file-unwritable",
          message: `${at("file")} cannot be written: ${why}.`,
        });
        assert.equal(fs.readFileSync(at("file"), "utf8"), "old");
        assert.deepEqual(fs.readdirSync(folder), ["file"]);
      });
    }

    it("waits on Windows until another program has closed the file, and nowhere else", () => {
      const open = (times: number) => {
        let left = times;
        const renameSync: WriteCalls["renameSync"] = (from, to) => {
          left -= 1;
          if (left >= 0) throw Object.assign(new Error("open elsewhere"), { code: "EPERM" });
          fs.renameSync(from, to);
        };
        return { ...fs, renameSync };
      };
      writeFileAtomically(at("file"), "new", { calls: open(2), platform: "win32" });
      assert.equal(readTextFile(at("file")), "new");
      assert.throws(() => writeFileAtomically(at("file"), "later", { calls: open(1), platform: "linux" }), {
        code: "file-unwritable",
      });
      assert.equal(readTextFile(at("file")), "new");
    });

    it("says so if it stays open, and leaves the file as it was", () => {
      let tries = 0;
      const renameSync = () => {
        tries += 1;
        throw Object.assign(new Error("open elsewhere"), { code: "EPERM" });
      };
      assert.throws(
        () => writeFileAtomically(at("file"), "new", { calls: { ...fs, renameSync }, platform: "win32" }),
        ({ cause }: { cause: unknown }) =>
          whyFailed(cause, "win32") === "another program has it open" && tries === 20,
      );
      assert.deepEqual(fs.readdirSync(folder), []);
    });

    it("goes on when the system writes only a part at a time", () => {
      const slow = ((handle: number, bytes: Buffer, offset: number) =>
        fs.writeSync(handle, bytes, offset, Math.min(3, bytes.length - offset))) as typeof fs.writeSync;
      writeFileAtomically(at("file"), "0123456789", { calls: { ...fs, writeSync: slow } });
      assert.equal(fs.readFileSync(at("file"), "utf8"), "0123456789");
    });
  });

  describe("linkTarget", () => {
    it("is the file itself when it is no link, and when it is missing", () => {
      fs.writeFileSync(at("file"), "");
      assert.deepEqual([linkTarget(at("file")), linkTarget(at("none"))], [at("file"), at("none")]);
    });

    onPosix("links", "is behind as many links as Linux follows, and behind one more it is refused", () => {
      const name = (links: number) => at(links === 0 ? "file" : `link${links}`);
      for (let links = 1; links <= 41; links += 1) fs.symlinkSync(name(links - 1), name(links));
      assert.equal(linkTarget(name(40)), name(0));
      assert.throws(() => linkTarget(name(41)), { code: "file-unwritable", message: /links form a loop/ });
    });
  });

  describe("ensurePrivateDirectory", () => {
    onPosix("modes", "makes the folder and its parents for the owner alone", () => {
      ensurePrivateDirectory(at("a", "b"));
      assert.deepEqual([modeOf(at("a")), modeOf(at("a", "b"))], ["700", "700"]);
      ensurePrivateDirectory(at("a", "b"));
    });

    const refusals: [string, (folder: string) => void, RegExp][] = [
      ["a symbolic link", (name) => fs.symlinkSync(os.tmpdir(), name), /is a symbolic link\.$/],
      ["a file", (name) => fs.writeFileSync(name, ""), /is not a directory\.$/],
      [
        "a folder others can write",
        (name) => {
          fs.mkdirSync(name);
          fs.chmodSync(name, 0o770);
        },
        /is writable by others \(mode 770\)\.$/,
      ],
    ];
    for (const [what, make, message] of refusals) {
      onPosix("modes", `refuses ${what}`, () => {
        make(at("folder"));
        assert.throws(() => ensurePrivateDirectory(at("folder")), { code: "directory-unsafe", message });
      });
    }

    onPosix("shell", "refuses a file above it by its name, and says how to move it away", () => {
      fs.writeFileSync(at("file"), "");
      assert.throws(() => ensurePrivateDirectory(at("file", "folder")), {
        code: "directory-unsafe",
        message: `${at("file")} is not a directory.`,
        hint: `Check what it is, and move it out of the way: \`mv ${at("file")} ${at("file")}.old\``,
      });
    });

    it("refuses somebody else's folder", () => {
      fs.mkdirSync(at("folder"), { mode: 0o700 });
      const { uid } = fs.statSync(at("folder"));
      assert.throws(() => ensurePrivateDirectory(at("folder"), uid + 1), {
        code: "directory-unsafe",
        message: `${at("folder")} belongs to user ${uid}, not to user ${uid + 1}.`,
      });
    });
  });
});

describe("a prepared file", () => {
  const folder = tempFolder();
  const at = (name: string) => path.join(folder(), name);

  for (const [what, text] of [
    ["short", "canary ö"],
    ["longer than the room that was put by", "ö".repeat(40_000)],
  ] as const)
    onPosix("modes", `becomes the file as a whole, for its owner alone: a text that is ${what}`, () => {
      fs.writeFileSync(at("file"), "before", { mode: 0o644 });
      const prepared = prepareFile(at("file"));
      assert.equal(fs.readFileSync(at("file"), "utf8"), "before");
      prepared.replace(text);
      prepared.release();
      assert.equal(fs.readFileSync(at("file"), "utf8"), text);
      assert.equal(fs.statSync(at("file")).mode & 0o777, 0o600);
      assert.deepEqual(fs.readdirSync(folder()), ["file"]);
    });

  onPosix("modes", "has room on the disk before anything is written", () => {
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

  onPosix("modes", "is made anew where somebody has removed it meanwhile", () => {
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
