import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { TOKEN_KINDS, tokenBench } from "./token-bench.ts";

const MINUTE = 60_000;
const USED = { refreshToken: "canary-used-already" };

for (const [name, kind] of Object.entries(TOKEN_KINDS)) {
  const { operation, codes } = kind;
  describe(`a token of ${name} that is about to end`, () => {
    const bench = tokenBench(kind);
    /** Does something while AWS is asked, which answers then as always. */
    const meanwhile = (act: () => void) => {
      bench().faults.takeover = () => {
        act();
        return false;
      };
    };
    /** The file system refuses that file its name: so many times, or always. */
    const failingRename = async (times: number, work: () => Promise<void>) => {
      const { renameSync } = fs;
      let left = times;
      fs.renameSync = (from, to) => {
        if (to !== bench().file || left === 0) return renameSync(from, to);
        left -= 1;
        throw Object.assign(new Error("EBUSY: resource busy or locked"), { code: "EBUSY" });
      };
      try {
        await work();
      } finally {
        fs.renameSync = renameSync;
      }
    };
    const leftBeside = () => fs.readdirSync(path.dirname(bench().file));

    it("is refreshed once by all who want it at the same time", async () => {
      bench().logIn(-MINUTE);
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => bench().open()));
      assert.equal(new Set(all).size, 1);
      assert.deepEqual(bench().calls(), [operation]);
      assert.deepEqual(leftBeside(), [path.basename(bench().file)]);
    });

    for (const leftMs of [3 * MINUTE, -MINUTE])
      describe(`with ${leftMs / MINUTE} minutes left`, () => {
        it("gives way to a login that another program wrote while AWS was asked", async () => {
          bench().logIn(leftMs);
          const theirs = kind.logIn(bench().lab, 60 * MINUTE);
          meanwhile(() => bench().write(theirs));
          const found = await bench().open();
          assert.deepEqual(bench().calls(), [operation]);
          assert.deepEqual(bench().written(), theirs);
          assert.equal(await bench().open(), found);
          assert.deepEqual(bench().calls(), [operation]);
        });

        for (const member of ["accessToken", "refreshToken"])
          it(`gives way to another program that wrote another ${member} while AWS was asked`, async () => {
            const before = bench().logIn(leftMs);
            const { [member]: value } = kind.logIn(bench().lab, 60 * MINUTE);
            const theirs = { ...before, [member]: value };
            meanwhile(() => bench().write(theirs));
            if (leftMs > 0 || member === kind.endMember) {
              const found = await bench().open();
              const early = () => bench().lab.clock() - 10 * MINUTE;
              assert.equal(found, await bench().open({ clock: early }), "as the file has it");
            } else await assert.rejects(bench().open(), { code: codes.over, exit: 2 });
            assert.deepEqual(bench().calls(), [operation]);
            assert.deepEqual(bench().written(), theirs);
          });

        it("is that of a program which was quicker, and writes it a moment later", async () => {
          bench().logIn(leftMs, USED);
          const theirs = kind.logIn(bench().lab, 60 * MINUTE);
          const late = setTimeout(() => bench().write(theirs), 250);
          try {
            const found = await bench().open();
            assert.deepEqual(bench().written(), theirs);
            assert.equal(await bench().open(), found);
          } finally {
            clearTimeout(late);
          }
        });

        it("is kept when the person interrupts while AWS was asked: what is shown is good once", async () => {
          const before = bench().logIn(leftMs);
          const control = new AbortController();
          meanwhile(() => control.abort());
          await assert.rejects(bench().open({ signal: control.signal }), { code: "interrupted" });
          assert.notEqual(bench().written()["refreshToken"], before["refreshToken"]);
          assert.deepEqual(leftBeside(), [path.basename(bench().file)]);
          await bench().open();
          assert.deepEqual(bench().calls(), [operation]);
        });

        it("is not waited for when the person interrupts, and another program was quicker", async () => {
          bench().logIn(leftMs, USED);
          const control = new AbortController();
          meanwhile(() => control.abort());
          await assert.rejects(bench().open({ signal: control.signal }), { code: "interrupted" });
          assert.equal(bench().written()["refreshToken"], USED.refreshToken);
        });

        it("is not asked for once the person has interrupted", async () => {
          bench().logIn(leftMs);
          const signal = AbortSignal.abort();
          await assert.rejects(bench().open({ signal }), { code: "interrupted" });
          assert.deepEqual(bench().calls(), []);
        });

        it("is interrupted, although AWS fails meanwhile", async () => {
          bench().logIn(leftMs);
          const control = new AbortController();
          bench().faults.takeover = (_request, response) => {
            control.abort();
            response.writeHead(500).end();
            return true;
          };
          await assert.rejects(bench().open({ signal: control.signal }), { code: "interrupted" });
        });

        it("does not come back after a logout while AWS was asked", async () => {
          bench().logIn(leftMs);
          meanwhile(() => fs.rmSync(bench().file));
          await assert.rejects(bench().open(), { code: codes.none, exit: 2 });
          assert.deepEqual(bench().calls(), [operation]);
          assert.deepEqual(leftBeside(), []);
        });

        it("does not come back after a logout while AWS was asked in vain", async () => {
          bench().logIn(leftMs, USED);
          meanwhile(() => fs.rmSync(bench().file));
          await assert.rejects(bench().open(), { code: codes.none });
          assert.deepEqual(leftBeside(), []);
        });

        it("gives way to a login that another program wrote before AWS failed", async () => {
          bench().logIn(leftMs);
          const theirs = kind.logIn(bench().lab, 60 * MINUTE);
          bench().faults.takeover = (_request, response) => {
            bench().write(theirs);
            response.writeHead(500).end();
            return true;
          };
          const found = await bench().open();
          bench().faults.takeover = undefined;
          assert.equal(await bench().open(), found);
          assert.deepEqual(bench().written(), theirs);
        });
      });

    it("is refreshed although another program adds something of its own meanwhile", async () => {
      const before = bench().logIn(-MINUTE);
      meanwhile(() => bench().write({ ...before, editor: { is: "known" } }));
      await bench().open();
      const { editor, accessToken, refreshToken } = bench().written();
      assert.deepEqual(editor, { is: "known" });
      assert.notDeepEqual(accessToken, before["accessToken"]);
      assert.notEqual(refreshToken, before["refreshToken"]);
    });

    it("is that of a program which was quicker, and writes it a moment later, after one that has ended", async () => {
      bench().logIn(-MINUTE, USED);
      const theirs = kind.logIn(bench().lab, 60 * MINUTE);
      meanwhile(() => bench().write(kind.logIn(bench().lab, -1000)));
      const late = setTimeout(() => bench().write(theirs), 250);
      try {
        const found = await bench().open();
        assert.deepEqual(bench().written(), theirs);
        assert.equal(await bench().open(), found);
      } finally {
        clearTimeout(late);
      }
    });

    it("is over where AWS refuses it, and another program wrote one that has ended", async () => {
      bench().logIn(-MINUTE, USED);
      const theirs = kind.logIn(bench().lab, -1000);
      meanwhile(() => bench().write(theirs));
      await assert.rejects(bench().open(), { code: codes.over, exit: 2 });
      assert.deepEqual(bench().written(), theirs);
    });

    it("is over where AWS gives one, and another program wrote one that has ended", async () => {
      bench().logIn(-MINUTE);
      const theirs = kind.logIn(bench().lab, -1000);
      meanwhile(() => bench().write(theirs));
      await assert.rejects(bench().open(), { code: codes.over, exit: 2 });
      assert.deepEqual(bench().written(), theirs);
    });

    it("is asked for once, whatever AWS answers: what is shown is good once", async () => {
      bench().logIn(-MINUTE);
      let asked = 0;
      bench().faults.takeover = (_request, response) => {
        asked += 1;
        response.writeHead(503).end();
        return true;
      };
      await assert.rejects(bench().open(), { code: "aws-failed" });
      assert.equal(asked, 1);
    });

    it("is kept at the second try, where the file system refuses the first", async () => {
      const before = bench().logIn(-MINUTE);
      await failingRename(1, async () => {
        await bench().open();
      });
      assert.notEqual(bench().written()["refreshToken"], before["refreshToken"]);
      assert.deepEqual(leftBeside(), [path.basename(bench().file)]);
    });

    it("is kept where somebody removed the file that was prepared for it", async () => {
      const before = bench().logIn(-MINUTE);
      meanwhile(() => {
        const prepared = leftBeside().filter((name) => name.endsWith(".tmp"));
        assert.equal(prepared.length, 1);
        for (const name of prepared) fs.rmSync(path.join(path.dirname(bench().file), name));
      });
      const warnings: string[] = [];
      await bench().open({ warn: (text) => warnings.push(text) });
      assert.deepEqual(warnings, []);
      assert.notEqual(bench().written()["refreshToken"], before["refreshToken"]);
    });

    it("serves the command although it cannot be kept, which is said", async () => {
      const before = bench().logIn(3 * MINUTE);
      const old = await bench().open({ clock: () => bench().lab.clock() - 10 * MINUTE });
      const warnings: string[] = [];
      await failingRename(Number.POSITIVE_INFINITY, async () => {
        const found = await bench().open({ warn: (text) => warnings.push(text) });
        assert.notEqual(found, old);
      });
      const [warning = ""] = warnings;
      assert.equal(warnings.length, 1);
      assert.match(
        warning,
        /^AWS refreshed the (?:session|login) .*, but the new token could not be stored: .* cannot be written: /,
      );
      assert.ok(
        warning.endsWith(`This command continues; later ones need a new login. ${bench().hint}`),
        warning,
      );
      assert.doesNotMatch(warning, /canary/);
      assert.deepEqual(bench().written(), before);
      assert.deepEqual(leftBeside(), [path.basename(bench().file)]);
    });

    it("is not asked for where nothing can be written", async () => {
      const { writeFileSync } = fs;
      fs.writeFileSync = ((...given: Parameters<typeof writeFileSync>) => {
        if (!String(given[0]).endsWith(".tmp") || String(given[1]).length < 100)
          return writeFileSync(...given);
        writeFileSync(given[0], "", { flag: "wx" });
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      }) as typeof writeFileSync;
      try {
        bench().logIn(3 * MINUTE);
        await bench().open();
        bench().logIn(-MINUTE);
        await assert.rejects(bench().open(), { code: "file-unwritable" });
      } finally {
        fs.writeFileSync = writeFileSync;
      }
      assert.deepEqual(bench().calls(), []);
      assert.deepEqual(leftBeside(), [path.basename(bench().file)]);
    });

    describe("while another process of ours refreshes it", () => {
      /** A clock on which half a second goes by whenever somebody looks. */
      const hastyClock = () => {
        let now = bench().lab.clock();
        const start = now;
        const clock = () => {
          now += 500;
          return now;
        };
        return { clock, passed: () => now - start };
      };
      const lock = () => fs.writeFileSync(`${bench().file}.lock`, `${process.pid}\n`);

      it("is used up soon, as long as it is good", async () => {
        bench().logIn(4 * MINUTE);
        lock();
        const { clock, passed } = hastyClock();
        await bench().open({ clock });
        assert.ok(passed() >= 2000 && passed() < 10_000, String(passed()));
        assert.deepEqual(bench().calls(), []);
      });

      it("is waited for as long as that may take, once it has ended", async () => {
        bench().logIn(-MINUTE);
        lock();
        const { clock, passed } = hastyClock();
        await assert.rejects(bench().open({ clock }), { code: "file-locked" });
        assert.ok(passed() >= 30_000, String(passed()));
      });

      it("is the new one, where that comes in time", async () => {
        const before = bench().logIn(4 * MINUTE);
        lock();
        const late = setTimeout(() => fs.rmSync(`${bench().file}.lock`), 100);
        try {
          await bench().open();
        } finally {
          clearTimeout(late);
        }
        assert.notEqual(bench().written()["refreshToken"], before["refreshToken"]);
      });
    });
  });
}
