import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fnv64 } from "../../../token/hot/fnv.ts";
import { sessionFolder } from "../../../token/hot/state-files.ts";
import { fileKeyStore } from "../../../token/keystore/file-key-store.ts";
import { vouchRequest } from "../../../token/mint/mint-token.ts";
import { findToken } from "../../../token/mint/token-cache.ts";
import { forgetSession, keepSession } from "../../../token/session/session-store.ts";
import { bundledScript } from "../../support/bundled-script.ts";
import { type MintBench, mintBench, mintByStore, QUESTION } from "../../support/mint-bench.ts";
import type { MintOnce } from "../../support/mint-once.ts";
import { runCommand } from "../../support/run-command.ts";
import { login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** Older than any exchange: then a lock was left by a process that died. */
const STALE_MS = 41_000;

describe("many mints at once", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });

  it("cause one exchange in one process, and get equal tokens", async () => {
    bench.during = () => sleep(10);
    const parents = Array.from({ length: 10 }, (_, parentId) => ({ parentId }));
    const minted = await Promise.all(parents.map((call) => bench.mint(call)));
    assert.equal(bench.exchanges.length, 1);
    assert.deepEqual(new Set(minted.map(({ token }) => token.token)).size, 1);
    assert.deepEqual(new Set(minted.map(({ renewed }) => renewed)), new Set([false]));
  });

  it("of one client that asks several times at once are no refusal", async () => {
    bench.during = async () => {
      await sleep(10);
      bench.clock.advance(10);
    };
    await Promise.all(Array.from({ length: 5 }, () => bench.mint({ parentId: 7 })));
    assert.equal(bench.exchanges.length, 1);
  });

  it("for several clusters of one role cause one exchange", async () => {
    bench.during = () => sleep(10);
    const clusters = ["a", "b", "c", "d"].map((cluster, parentId) => ({ question: { cluster }, parentId }));
    const minted = await Promise.all(clusters.map((call) => bench.mint(call)));
    assert.equal(bench.exchanges.length, 1);
    assert.equal(new Set(minted.map(({ token }) => token.token)).size, 4);
  });

  it("for several roles do not wait for each other", async () => {
    const roles = ["a", "b", "c"].map((name) => `arn:aws:iam::111122223333:role/${name}`);
    const all = Promise.withResolvers<void>();
    let underWay = 0;
    bench.during = () => {
      underWay += 1;
      if (underWay === roles.length) all.resolve();
      return all.promise;
    };
    await Promise.all(roles.map((role, parentId) => bench.mint({ question: { role }, parentId })));
    assert.equal(bench.exchanges.length, roles.length);
  });

  it("go on after one that failed: the next in line tries", async () => {
    let count = 0;
    bench.during = async () => {
      await sleep(10);
      if (++count === 1) throw new Error("no network");
    };
    const results = await Promise.allSettled([1, 2, 3].map((parentId) => bench.mint({ parentId })));
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "fulfilled", "rejected"]);
    assert.equal(bench.exchanges.length, 2);
  });
});

describe("a lock that was left behind", () => {
  const folder = tempFolder();

  for (const kind of ["mint", "credentials"]) {
    it(`by a process that died is taken over (${kind})`, async () => {
      const bench = mintBench(folder());
      const session = sessionFolder(bench.state, bench.ada.entry.id);
      const minted = await bench.mint();
      const name =
        kind === "mint"
          ? `mint-${fnv64(minted.token.key)}`
          : fs
              .readdirSync(session)
              .find((file) => file.startsWith("aws-"))
              ?.replace("aws-", "credentials-");
      const lock = path.join(session, `${name}.lock`);
      fs.writeFileSync(lock, "4194305\n");
      bench.clock.advance(3600_000);
      bench.clock.advance(STALE_MS);
      const again = await bench.mint();
      assert.notEqual(again.token.token, minted.token.token);
      assert.equal(fs.existsSync(lock), false);
    });
  }
});

describe("a logout during a mint", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });
  const logOut = () => forgetSession(bench.place, bench.ada.server, bench.ada.entry);
  const nothingIsBack = () => {
    assert.deepEqual(fs.readdirSync(path.join(bench.state, "sessions")), []);
    assert.deepEqual([...bench.keyStore.entries], []);
    assert.deepEqual(fs.readdirSync(bench.state).sort(), ["current.json", "marks", "sessions"]);
  };

  it("is not undone by an exchange that ends after it", async () => {
    bench.during = async () => logOut();
    await assert.rejects(bench.mint(), {
      code: "logged-out",
      message: "ada@example.com has been logged out of https://us.vouch.sh in the meantime.",
    });
    nothingIsBack();
  });

  it("is not undone by a fresh exchange after a refusal", async () => {
    await bench.mint();
    bench.clock.advance(1);
    bench.during = async () => logOut();
    await assert.rejects(bench.mint(), { code: "logged-out" });
    nothingIsBack();
  });

  for (const when of ["before", "after"]) {
    it(`is not undone by credentials that are put away in the moment ${when} it`, async () => {
      const { write } = bench.keyStore;
      const keyStore = {
        ...bench.keyStore,
        write(name: string, value: string) {
          if (when === "after") logOut();
          write(name, value);
          if (when === "before") logOut();
        },
      };
      const place = { state: bench.state, keyStore };
      const minting = mintByStore(vouchRequest(QUESTION, bench.ada.entry, {}), { place, bench, parentId: 1 });
      await assert.rejects(minting, { code: "logged-out" });
      nothingIsBack();
    });
  }

  it("ends those that wait for the lock, too", async () => {
    let waiting: Promise<unknown> = Promise.resolve();
    bench.during = async () => {
      waiting = assert.rejects(bench.mint({ parentId: 2 }), {
        code: "logged-out",
        message: "ada@example.com has been logged out of https://us.vouch.sh in the meantime.",
      });
      await sleep(10);
      logOut();
    };
    await assert.rejects(bench.mint({ parentId: 1 }), { code: "logged-out" });
    await waiting;
    assert.equal(bench.exchanges.length, 1);
    nothingIsBack();
  });

  it("is heard by those that come later, before anybody is asked", async () => {
    logOut();
    await assert.rejects(bench.mint(), { code: "logged-out" });
    assert.deepEqual(bench.exchanges, []);
    nothingIsBack();
  });
});

describe("mints in processes of their own", () => {
  const folder = tempFolder();
  const ada = login("ada@example.com", sessionId(1), { now: Date.now() });
  let script = "";
  let scriptFolder = "";
  before(async () => {
    scriptFolder = fs.mkdtempSync(path.join(os.tmpdir(), "vouch-mint-"));
    script = await bundledScript("mint-once", scriptFolder);
  });
  after(() => fs.rmSync(scriptFolder, { recursive: true }));

  const job = (change: Partial<MintOnce> = {}): MintOnce => ({
    state: path.join(folder(), "state"),
    keys: path.join(folder(), "keys"),
    question: QUESTION,
    session: ada.entry,
    parentId: 1,
    exchanges: path.join(folder(), "exchanges"),
    exchangeMs: 0,
    ...change,
  });
  const logIn = () => {
    const { state, keys } = job();
    const place = { state, keyStore: fileKeyStore(keys) };
    keepSession(place, ada.session, ada.entry);
    return place;
  };
  const run = (change: Partial<MintOnce>) =>
    runCommand([process.execPath, script, JSON.stringify(job(change))], { env: {} });

  it("cause one exchange, and print equal tokens", async () => {
    logIn();
    const parents = Array.from({ length: 8 }, (_, parentId) => parentId);
    const results = await Promise.all(parents.map((parentId) => run({ parentId, exchangeMs: 100 })));
    assert.deepEqual(
      results.map(({ status, stderr }) => ({ status, stderr })),
      parents.map(() => ({ status: 0, stderr: "" })),
    );
    assert.equal(new Set(results.map(({ stdout }) => stdout)).size, 1);
    assert.match(results[0]?.stdout ?? "", /^k8s-aws-v1\./);
    assert.match(fs.readFileSync(job().exchanges, "utf8"), /^\d+\n$/);
  });

  it("leave a cache that can be used, whichever of their steps is the last", async () => {
    const killed: number[] = [];
    for (let step = 1; ; step += 1) {
      fs.rmSync(job().state, { recursive: true, force: true });
      fs.rmSync(job().keys, { recursive: true, force: true });
      const place = logIn();
      const { status, stderr } = await run({ dieBefore: step });
      assert.equal(stderr, "");
      if (status === 0) break;
      killed.push(step);

      const clock = () => Date.now() + STALE_MS;
      const request = vouchRequest(QUESTION, ada.entry, {});
      const cache = { folder: sessionFolder(place.state, ada.entry.id) };
      const left = findToken(cache, request.key, clock());
      const bench = {
        clock: Object.assign(clock, { advance: () => undefined }),
        exchanges: [],
        during: async () => undefined,
        credentialsLiveMs: 3600_000,
      };
      const { token } = await mintByStore(request, { place, bench, parentId: 2 });
      assert.deepEqual(findToken(cache, request.key, clock()), token, `killed before step ${step}`);
      if (left !== undefined) assert.deepEqual(token, left);
      forgetSession(place, ada.server, ada.entry);
      assert.deepEqual(fs.readdirSync(path.join(place.state, "sessions")), []);
      assert.deepEqual(
        fs.readdirSync(job().keys).filter((name) => !name.endsWith(".tmp")),
        [],
        `killed before step ${step}`,
      );
    }
    assert.ok(killed.length >= 20, `only ${killed.length} steps were seen`);
  });
});
