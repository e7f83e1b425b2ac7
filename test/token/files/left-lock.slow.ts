import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { lockPath, removeLeftLocks, takeFileLock } from "../../../token/files/file-lock.ts";
import { hasEnded, thisProcess } from "../../../token/files/lock-files.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MODULE = JSON.stringify(path.resolve(import.meta.dirname, "../../../token/files/file-lock.ts"));

/** A lock of kubectl's kind, `config.lock`, that a process left which was killed. */
describe("a lock of kubectl's kind that a process of ours has left", () => {
  const folder = tempFolder();
  const notes = () => path.join(folder(), "state");
  const lockFile = () => lockPath(path.join(folder(), "config"));
  const take = (changes: object = {}) =>
    takeFileLock(lockFile(), { clock: Date.now, waitMs: 0, notes: notes(), ...changes });
  const leave = () => {
    const options = `{ clock: Date.now, notes: ${JSON.stringify(notes())} }`;
    const script = `const { takeFileLock } = await import(${MODULE}); await takeFileLock(${JSON.stringify(lockFile())}, ${options}); process.kill(process.pid, "SIGKILL");`;
    const { signal, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    assert.equal(signal, "SIGKILL", stderr);
  };
  const noteFile = () => {
    const [name = ""] = fs.readdirSync(notes());
    return path.join(notes(), name);
  };
  /** Changes what is noted of the holder. */
  const renote = (holder: object) => {
    const note = JSON.parse(fs.readFileSync(noteFile(), "utf8"));
    fs.writeFileSync(noteFile(), JSON.stringify({ ...note, holder: { ...note.holder, ...holder } }), {
      mode: 0o600,
    });
  };

  it("is empty and of mode 0, as kubectl's", () => {
    leave();
    const { size, mode } = fs.statSync(lockFile());
    assert.deepEqual([size, mode & 0o777], [0, 0]);
  });

  it("is taken over at once, and leaves nothing", async () => {
    leave();
    (await take()).release();
    assert.deepEqual([fs.readdirSync(folder()), fs.readdirSync(notes())], [["state"], []]);
  });

  it("is removed with all others that were left, but not one that somebody holds", async () => {
    leave();
    const held = await takeFileLock(lockPath(path.join(folder(), "held")), {
      clock: Date.now,
      notes: notes(),
    });
    removeLeftLocks(notes());
    assert.deepEqual(fs.readdirSync(folder()).sort(), ["held.lock", "state"]);
    held.release();
    assert.deepEqual(fs.readdirSync(notes()), []);
  });

  it("is not taken over without its note", async () => {
    leave();
    await assert.rejects(take({ notes: undefined }), { code: "file-locked" });
    await assert.rejects(take({ notes: path.join(folder(), "other") }), { code: "file-locked" });
    assert.ok(fs.existsSync(lockFile()));
  });

  it("is kubectl's when kubectl made one after it", async () => {
    leave();
    fs.rmSync(lockFile());
    fs.closeSync(fs.openSync(lockFile(), "wx", 0));
    await assert.rejects(take(), { code: "file-locked" });
    assert.equal(fs.statSync(lockFile()).size, 0);
  });

  it("is not taken over while its process lives, and is when the number belongs to a later one", async () => {
    leave();
    renote(thisProcess());
    await assert.rejects(take(), { code: "file-locked" });
    renote({ ...thisProcess(), start: "1" });
    (await take()).release();
  });

  it("is not taken over from another machine or container, and is after a restart", async () => {
    leave();
    for (const elsewhere of [{ host: "elsewhere" }, { host: thisProcess().host, namespace: "pid:[1]" }]) {
      renote(elsewhere);
      await assert.rejects(take(), { code: "file-locked" });
    }
    renote({ boot: "another", namespace: "pid:[1]" });
    (await take()).release();
  });

  it("stands in nobody's way where its process ended between note and name", async () => {
    leave();
    fs.rmSync(lockFile());
    (await take()).release();
    assert.deepEqual(fs.readdirSync(notes()), []);
  });

  it("is taken over by one of many", async () => {
    leave();
    let holders = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const lock = await take({ waitMs: 20_000 });
        holders += 1;
        most = Math.max(most, holders);
        await new Promise((resolve) => setImmediate(resolve));
        holders -= 1;
        lock.release();
      }),
    );
    assert.equal(most, 1);
  });
});

describe("the holder of a lock", () => {
  it("lives as long as its process", () => {
    assert.equal(hasEnded(thisProcess()), false);
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    assert.equal(hasEnded({ ...thisProcess(), pid }), true);
  });
});
