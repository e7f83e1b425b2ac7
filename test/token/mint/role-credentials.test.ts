import assert from "node:assert/strict";
import fs from "node:fs";
import { sessionFolder } from "../../../token/hot/state-files.ts";
import type { CredentialsOptions } from "../../../token/mint/credentials-cache.ts";
import { type CredentialsRequest, roleCredentials } from "../../../token/mint/session-source.ts";
import { keepSession } from "../../../token/session/session-store.ts";
import { debugLinesOf } from "../../support/debug-lines.ts";
import { countingParties, type MintBench, mintBench, QUESTION } from "../../support/mint-bench.ts";
import { login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const HUB = "arn:aws:iam::111122223333:role/hub";

describe("roleCredentials", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });

  const request = (change: Partial<CredentialsRequest> = {}): CredentialsRequest => ({
    ...QUESTION,
    session: bench.ada.entry,
    agent: undefined,
    ...change,
  });
  const ask = (change?: Partial<CredentialsRequest>, options: Partial<CredentialsOptions> = {}) =>
    roleCredentials(bench.place, request(change), {
      parties: countingParties(bench),
      minRemainingMs: 60_000,
      fresh: false,
      now: bench.clock,
      signal: new AbortController().signal,
      ...options,
    });
  const cachedNames = () => [...bench.keyStore.entries.keys()].filter((name) => name.startsWith("aws:"));

  it("asks STS once, and then the key store", async () => {
    const first = await ask();
    assert.deepEqual(first, {
      accessKeyId: "ASIACANARYKEY0000001",
      secretAccessKey: "canary-secret",
      sessionToken: "canary-session",
      expires: bench.clock() + 3600_000,
    });
    assert.deepEqual(await ask(), first);
    assert.equal(bench.exchanges.length, 1);
  });

  it("keeps them in the key store and nowhere else", async () => {
    await ask();
    const [name = ""] = cachedNames();
    assert.match(name, new RegExp(`^aws:${bench.ada.entry.id}:[0-9a-f]{16}$`));
    const files = fs.readdirSync(sessionFolder(bench.state, bench.ada.entry.id));
    assert.deepEqual(files, [`aws-${name.slice(-16)}`, "key-store.json"]);
  });

  it("shares them between regions of a partition", async () => {
    await ask();
    await ask({ region: "ap-southeast-2" });
    assert.equal(bench.exchanges.length, 1);
  });

  const grace = login("grace@example.com", sessionId(2), { now: Date.now() });
  const changes: Readonly<Record<string, Partial<CredentialsRequest>>> = {
    server: { server: "https://eu.vouch.sh" },
    person: { session: grace.entry },
    role: { role: HUB },
    "a role on the way": { via: [HUB] },
    "an AI agent": { agent: "codex" },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`does not share them when the request differs by ${what}`, async () => {
      keepSession(bench.place, grace.session, grace.entry);
      await ask();
      await ask(change);
      assert.equal(bench.exchanges.length, 2);
      assert.equal(cachedNames().length, 2);
      await ask(change);
      assert.equal(bench.exchanges.length, 2);
    });
  }

  it("does not share an agent's between reading and assuming another role", async () => {
    await ask({ agent: "codex" });
    await ask({ agent: "codex", isLast: false });
    assert.equal(bench.exchanges.length, 2);
    await ask({ agent: "goose" });
    await ask({ isLast: false });
    await ask();
    assert.equal(bench.exchanges.length, 3);
  });

  it("asks again when they live too short for what is wanted", async () => {
    await ask();
    bench.clock.advance(3600_000 - 60_000);
    await ask();
    assert.equal(bench.exchanges.length, 1);
    bench.clock.advance(1);
    await ask();
    assert.equal(bench.exchanges.length, 2);
  });

  it("asks again when fresh ones are wanted, and keeps these", async () => {
    await ask();
    const fresh = await ask({}, { fresh: true });
    assert.equal(fresh.accessKeyId, "ASIACANARYKEY0000002");
    assert.deepEqual(await ask(), fresh);
  });

  it("says that the settings want no cache only where they do", async () => {
    const said = (options: Partial<CredentialsOptions>) => debugLinesOf(() => ask({}, options));
    const words = `AWS credentials for ${QUESTION.role}:`;
    assert.deepEqual(await said({ keep: false }), [`${words} none are cached`]);
    assert.deepEqual(await said({ keep: false, fresh: true }), [
      `${words} caching is disabled by the settings`,
    ]);
    await ask();
    assert.deepEqual(await said({ keep: false }), [`${words} cached`]);
    assert.deepEqual(await said({ keep: false, minRemainingMs: 7_200_000 }), [
      `${words} those cached are valid for 3600 s, but 7200 s are needed`,
    ]);
  });

  for (const text of ["", "{", "null", "[]", '{"key":"another","credentials":{}}']) {
    it(`asks again when the key store holds ${JSON.stringify(text)} instead`, async () => {
      await ask();
      const [name = ""] = cachedNames();
      bench.keyStore.entries.set(name, text);
      assert.equal((await ask()).accessKeyId, "ASIACANARYKEY0000002");
    });
  }

  it("waits for another one that asks the same, and takes what that one got", async () => {
    const [one, other] = await Promise.all([ask(), ask()]);
    assert.deepEqual(one, other);
    assert.equal(bench.exchanges.length, 1);
  });

  it("ends the waiting when it is interrupted", async () => {
    const interruption = new AbortController();
    const waiting = ask({}, { signal: interruption.signal });
    let other: Promise<unknown> = Promise.resolve();
    bench.during = async () => {
      other = assert.rejects(ask({}, { signal: interruption.signal }), { code: "interrupted" });
      setImmediate(() => interruption.abort());
      await other;
    };
    await waiting;
    await other;
    assert.equal(bench.exchanges.length, 1);
  });
});
