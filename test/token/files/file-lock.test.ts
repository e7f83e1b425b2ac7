import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { lockPath, takeFileLock, withFileLock } from "../../../token/files/file-lock.ts";
import { debugLinesOf } from "../../support/debug-lines.ts";
import { onFullDisk, onReadOnlyDisk } from "../../support/full-disk.ts";
import { onPosix } from "../../support/platform.ts";

describe("a file lock", () => {
  let folder: string;
  let lockFile: string;
  let now: number;
  const clock = () => now;
  const sleep = async (ms: number) => {
    now += ms;
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "file-lock-"));
    lockFile = lockPath(path.join(folder, "config"));
    now = Date.now();
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  onPosix("modes", "is kubectl's: an empty file of mode 0 beside the file, gone afterwards", async () => {
    const seen = await withFileLock(lockFile, { clock, sleep }, () => {
      const { mode, size } = fs.statSync(lockFile);
      return { names: fs.readdirSync(folder), mode: mode & 0o777, size };
    });
    assert.deepEqual(seen, { names: ["config.lock"], mode: 0, size: 0 });
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  for (const [what, disk, why, hint] of [
    ["full", onFullDisk, "the disk is full", "Free space on its disk"],
    ["only read", onReadOnlyDisk, "the file system is read-only", "Check which file system it is on"],
  ] as const)
    onPosix("modes", `says in words that its disk is ${what}, and which disk that is`, async () => {
      await assert.rejects(
        disk(folder, () => takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1000 })),
        {
          code: "file-unwritable",
          message: `Lock ${lockFile} cannot be created: ${why}.`,
          hint: `${hint}: \`df -h ${folder}\``,
        },
      );
    });

  it("is said to be waited for, for how long, and to be left by a process that is no more", async () => {
    fs.writeFileSync(lockFile, `${process.pid}\n`);
    const until = now + 100;
    const options = { clock, staleAfterMs: 1_000_000 };
    const releasing = async (ms: number) => {
      now += ms;
      if (now >= until) fs.rmSync(lockFile, { force: true });
    };
    const waited = await debugLinesOf(() =>
      withFileLock(lockFile, { ...options, sleep: releasing }, () => undefined),
    );
    assert.deepEqual(
      waited.filter((line) => line.startsWith("lock")),
      [`lock ${lockFile}: another process holds it, waiting`, `lock ${lockFile}: acquired after 100 ms`],
    );

    fs.writeFileSync(lockFile, "left");
    const left = await debugLinesOf(() => withFileLock(lockFile, { ...options, sleep }, () => undefined));
    assert.equal(left.at(-1), `lock ${lockFile}: its holder has ended, removing it`);
  });

  it("is taken over at once when the process it names is no more, and not kubectl's", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", "0"]);
    fs.writeFileSync(lockFile, `${pid}\n`);
    const lock = await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1_000_000, waitMs: 0 });
    lock.release();

    fs.writeFileSync(lockFile, `${pid}\n`);
    await assert.rejects(takeFileLock(lockFile, { clock, sleep, waitMs: 0 }), { code: "file-locked" });
    fs.writeFileSync(lockFile, "");
    await assert.rejects(takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1_000_000, waitMs: 0 }), {
      code: "file-locked",
    });
  });

  it("is taken over at once when it holds what no lock of ours does", async () => {
    for (const rubbish of ["lock", "-1\n", "12 34\n", "9".repeat(5000)]) {
      fs.writeFileSync(lockFile, rubbish);
      (await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1_000_000, waitMs: 0 })).release();
    }
  });

  onPosix("modes", "names its holder when it is of our own kind", async () => {
    const lock = await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1000 });
    assert.equal(fs.readFileSync(lockFile, "utf8"), `${process.pid}\n`);
    assert.equal(fs.statSync(lockFile).mode & 0o777, 0o600);
    lock.release();
    lock.release();
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("has its holder's name in it from the first moment: a kill at any step leaves a whole one", async () => {
    const { existsSync, readFileSync, openSync, writeSync, writeFileSync, closeSync, linkSync, rmSync } = fs;
    const real = { openSync, writeSync, writeFileSync, closeSync, linkSync, rmSync };
    const seen = new Set<string>();
    for (const [name, call] of Object.entries(real)) {
      const looking = (...args: unknown[]) => {
        seen.add(existsSync(lockFile) ? readFileSync(lockFile, "utf8") : "none");
        return (call as (...args: unknown[]) => unknown)(...args);
      };
      Object.assign(fs, { [name]: looking });
    }
    try {
      (await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1000 })).release();
    } finally {
      Object.assign(fs, real);
    }
    assert.deepEqual([...seen], ["none", `${process.pid}\n`]);
  });

  onPosix("links", "is not waited for where a folder or a link stands", async () => {
    for (const put of [() => fs.mkdirSync(lockFile), () => fs.symlinkSync(lockFile, lockFile)]) {
      put();
      for (const kind of [{}, { staleAfterMs: 1000 }]) {
        const started = now;
        await assert.rejects(takeFileLock(lockFile, { clock, sleep, ...kind }), { code: "file-foreign" });
        assert.equal(now, started);
      }
      fs.rmSync(lockFile, { recursive: true });
    }
  });

  it("is released when the work fails", async () => {
    const work = () => Promise.reject(new Error("work failed"));
    await assert.rejects(withFileLock(lockFile, { clock, sleep }, work), { message: "work failed" });
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("waits until the other one lets go", async () => {
    const first = await takeFileLock(lockFile, { clock, sleep });
    let waits = 0;
    const lettingGo = async (ms: number) => {
      now += ms;
      waits += 1;
      if (waits === 3) first.release();
    };
    const second = await takeFileLock(lockFile, { clock, sleep: lettingGo });
    assert.equal(waits, 3);
    second.release();
  });

  onPosix("shell", "gives up after a while, with the lock's age and how to remove it", async () => {
    fs.writeFileSync(lockFile, "", { mode: 0 });
    fs.utimesSync(lockFile, now / 1000 - 3600, now / 1000 - 3600);
    const started = now;
    await assert.rejects(takeFileLock(lockFile, { clock, sleep, waitMs: 2000 }), {
      code: "file-locked",
      message: `Another program has held lock ${lockFile} for 3602 seconds.`,
      hint: `If no kubectl is running, run \`rm -f ${lockFile}\` and try again.`,
    });
    assert.equal(now - started, 2000);
    assert.deepEqual(fs.readdirSync(folder), ["config.lock"]);
  });

  it("never takes over kubectl's, however old", async () => {
    fs.writeFileSync(lockFile, "");
    fs.utimesSync(lockFile, 1, 1);
    await assert.rejects(takeFileLock(lockFile, { clock, sleep }), { code: "file-locked" });
  });

  it("takes over one of our own kind that is too old, whoever holds it", async () => {
    fs.writeFileSync(lockFile, `${process.ppid}\n`);
    fs.utimesSync(lockFile, now / 1000 - 31, now / 1000 - 31);
    const lock = await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 30_000 });
    assert.equal(fs.readFileSync(lockFile, "utf8"), `${process.pid}\n`);
    lock.release();
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("does not take over one that is younger", async () => {
    fs.writeFileSync(lockFile, `${process.ppid}\n`);
    fs.utimesSync(lockFile, now / 1000 - 20, now / 1000 - 20);
    const options = { clock, sleep, staleAfterMs: 30_000, waitMs: 5000 };
    await assert.rejects(takeFileLock(lockFile, options), { code: "file-locked" });
  });

  it("does not remove a lock that another one took over meanwhile", async () => {
    const slow = await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1000 });
    now += 60_000;
    const quick = await takeFileLock(lockFile, { clock, sleep, staleAfterMs: 1000 });
    slow.release();
    assert.deepEqual(fs.readdirSync(folder), ["config.lock"]);
    quick.release();
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("is not removed by who looked before another process took it over", async () => {
    fs.writeFileSync(lockFile, "999999\n");
    const { mkdirSync } = fs;
    fs.mkdirSync = ((...given: Parameters<typeof mkdirSync>) => {
      fs.writeFileSync(lockFile, `${process.ppid}\n`);
      return mkdirSync(...given);
    }) as typeof mkdirSync;
    const options = { clock: Date.now, staleAfterMs: 60_000, waitMs: 0 };
    try {
      await assert.rejects(takeFileLock(lockFile, options), { code: "file-locked" });
    } finally {
      fs.mkdirSync = mkdirSync;
    }
    assert.deepEqual(fs.readdirSync(folder), ["config.lock"]);
  });

  it("is left for a moment to who removes it now, unless that one was killed", async () => {
    fs.writeFileSync(lockFile, "999999\n");
    const removal = `${lockFile}.stale`;
    fs.mkdirSync(removal);
    const options = { clock: Date.now, staleAfterMs: 60_000, waitMs: 0 };
    await assert.rejects(takeFileLock(lockFile, options), { code: "file-locked" });
    fs.utimesSync(removal, Date.now() / 1000 - 20, Date.now() / 1000 - 20);
    (await takeFileLock(lockFile, { ...options, waitMs: 5000 })).release();
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("is held by one at a time", async () => {
    let holders = 0;
    let most = 0;
    const work = async () => {
      holders += 1;
      most = Math.max(most, holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders -= 1;
    };
    const options = { clock: Date.now, staleAfterMs: 60_000 };
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(lockFile, options, work)));
    assert.equal(most, 1);
  });

  it("ends the waiting when it is interrupted", async () => {
    fs.writeFileSync(lockFile, "");
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    await assert.rejects(takeFileLock(lockFile, { clock: Date.now, signal: abort.signal }), {
      code: "interrupted",
    });
  });

  onPosix("signals", "is one of many with one listener: Node warns of more than ten", async () => {
    const before = process.listenerCount("exit");
    const locks = await Promise.all(
      Array.from({ length: 12 }, (_, index) => takeFileLock(`${lockFile}-${index}`, { clock })),
    );
    assert.equal(process.listenerCount("exit"), before + 1);
    for (const lock of locks) lock.release();
    assert.deepEqual([process.listenerCount("exit"), fs.readdirSync(folder)], [before, []]);
  });

  onPosix("signals", "is released when the process exits in the middle", () => {
    const script = `
      const { takeFileLock } = await import(${JSON.stringify(path.resolve("token/files/file-lock.ts"))});
      await takeFileLock(${JSON.stringify(lockFile)}, { clock: Date.now });
      process.once("SIGINT", () => process.exit(130));
      process.kill(process.pid, "SIGINT");
      setInterval(() => {}, 1000);`;
    const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
    assert.equal(status, 130);
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it("says so when its folder does not exist", async () => {
    const missing = path.join(folder, "none", "config.lock");
    await assert.rejects(takeFileLock(missing, { clock, sleep }), { code: "file-unwritable" });
  });
});
