import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { answerWarm } from "../../../token/hot/answer.ts";
import type { Host } from "../../../token/hot/host.ts";
import { BURST_MS } from "../../../token/hot/mark.ts";
import { marksFolder } from "../../../token/hot/state-files.ts";
import { nodeHost } from "../../../token/node-host.ts";
import { execInfoFor } from "../../support/cluster-infos.ts";
import { idleProcess } from "../../support/idle-process.ts";
import { exchangeOf, type MintBench, type MintCall, mintBench, QUESTION } from "../../support/mint-bench.ts";
import { onPosix } from "../../support/platform.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const WARM = "warm";

describe("a burst of calls", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });

  /** The hot path on this machine's files, as the program would run it. */
  const hot = ({ question = {}, env = {}, parentId = 100 }: MintCall): Host => {
    const { cluster, region, role, via, server } = { ...QUESTION, ...question };
    const vias = via.flatMap((arn) => ["--via", arn]);
    const flags = [
      "--cluster-name",
      cluster,
      "--region",
      region,
      "--role",
      role,
      "--server",
      server,
      ...vias,
    ];
    const variables: Readonly<Record<string, string>> = {
      KUBERNETES_EXEC_INFO: execInfoFor(undefined),
      ...env,
      XDG_STATE_HOME: folder(),
      LOCALAPPDATA: folder(),
    };
    return {
      ...nodeHost(process),
      args: ["credential", "eks", ...flags],
      env: (name) => variables[name],
      now: bench.clock,
      parentId: () => parentId,
    };
  };

  /** One run of the program, a moment after the one before: who answered, and the exchange behind the token. */
  const call = async (what: MintCall = {}, afterMs = 40): Promise<string> => {
    bench.clock.advance(afterMs);
    const printed: string[] = [];
    if (answerWarm({ ...hot(what), print: (text) => void printed.push(text) })) {
      const { token } = (JSON.parse(printed.join("")) as { status: { token: string } }).status;
      return `${WARM} ${exchangeOf({ token: { key: "", token, expires: 0 }, renewed: false })}`;
    }
    const minted = await bench.mint(what);
    return `${minted.renewed ? "renewed" : "full"} ${exchangeOf(minted)}`;
  };
  const calls = async (...whats: readonly MintCall[]) => {
    const answers: string[] = [];
    for (const what of whats) answers.push(await call(what));
    return answers;
  };
  const one = { parentId: 100 };
  const other = { parentId: 200 };

  for (const question of [
    {},
    { via: ["arn:aws:iam::111122223333:role/hub"] },
    { region: "cn-north-1", role: "arn:aws-cn:iam::111122223333:role/dev" },
  ]) {
    for (const env of [
      {},
      { CLAUDECODE: "1" },
      { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
    ]) {
      it(`is answered warm after the first for ${JSON.stringify({ ...question, ...env })}`, async () => {
        const what = { question, env };
        assert.deepEqual(await calls({ ...what, ...one }, { ...what, ...other }), ["full 1", "warm 1"]);
      });
    }
  }

  it("gets one fresh token, however many calls a refusal makes, and no second", async () => {
    assert.deepEqual(await calls(...Array.from({ length: 8 }, () => one)), [
      "full 1",
      "renewed 2",
      ...Array.from({ length: 6 }, () => "warm 2"),
    ]);
    assert.equal(bench.exchanges.length, 2);
  });

  it("gets one fresh token also when the first call was warm", async () => {
    assert.deepEqual(await calls(other, one, one, one, one), [
      "full 1",
      "warm 1",
      "renewed 2",
      "warm 2",
      "warm 2",
    ]);
  });

  it("is one of one process: another one's call is no refusal", async () => {
    const parents = [1, 2, 3, 4, 5].map((parentId) => ({ parentId }));
    assert.deepEqual(await calls(...parents), ["full 1", "warm 1", "warm 1", "warm 1", "warm 1"]);
  });

  it("is over five seconds after it began", async () => {
    assert.equal(await call(one), "full 1");
    assert.equal(await call(one, BURST_MS), "warm 1");
    assert.equal(await call(one, BURST_MS - 1), "renewed 2");
  });

  it("can be told from the next one: a token that is refused again is fetched again", async () => {
    assert.deepEqual(await calls(one, one, one), ["full 1", "renewed 2", "warm 2"]);
    assert.equal(await call(one, BURST_MS), "warm 2");
    assert.equal(await call(one), "renewed 3");
  });

  it("of two processes at once shares the fresh token", async () => {
    assert.deepEqual(await calls(one, other, one, other, one, other), [
      "full 1",
      "warm 1",
      "renewed 2",
      "warm 2",
      "warm 2",
      "warm 2",
    ]);
    assert.equal(bench.exchanges.length, 2);
  });

  it("for one cluster is none for another", async () => {
    const second = { ...one, question: { cluster: "lab2" } };
    assert.deepEqual(await calls(one, second, one, second), ["full 1", "full 1", "renewed 2", "renewed 3"]);
  });

  it("does not end in no token when the fresh exchange fails: the next burst tries again", async () => {
    assert.equal(await call(one), "full 1");
    bench.during = () => Promise.reject(new Error("no network"));
    await assert.rejects(call(one), { message: "no network" });
    bench.during = async () => undefined;
    assert.equal(await call(other), "warm 1");
    assert.equal(await call(one), "renewed 3");
  });

  onPosix(
    "programs",
    "of a kubectl that reads a manifest asks twice without a refusal; the third call shows one",
    async () => {
      const kubectl = await idleProcess(["apply", "-f", "-"]);
      try {
        const parent = { parentId: kubectl.pid ?? 0 };
        assert.deepEqual(await calls(parent, parent, parent, parent), [
          "full 1",
          "full 1",
          "renewed 2",
          "warm 2",
        ]);
      } finally {
        kubectl.kill("SIGKILL");
      }
    },
  );

  onPosix("programs", "of a shell is none: its script asks as often as it likes", async () => {
    // It waits for its script, on standard input.
    const shell = spawn("/bin/sh", [], { stdio: ["pipe", "ignore", "ignore"] });
    try {
      const parent = { parentId: shell.pid ?? 0 };
      const answers = ["full 1", "full 1", "warm 1", "warm 1"];
      assert.deepEqual(await calls(parent, parent, parent, parent), answers);
      // Scripts say nothing of what they want, as a rule: then nobody looks who they are.
      const plain = { ...one, env: { KUBERNETES_EXEC_INFO: "" } };
      assert.deepEqual(await calls(plain, plain, plain), ["warm 1", "warm 1", "warm 1"]);
    } finally {
      shell.kill("SIGKILL");
    }
  });

  it("leaves one file for each question, which stays the same file", async () => {
    const files = () =>
      fs
        .readdirSync(marksFolder(bench.state))
        .map((name) => fs.statSync(`${marksFolder(bench.state)}/${name}`).ino);
    await calls(one);
    const [first] = files();
    await calls(one, one, other, { ...one, question: { cluster: "lab2" } });
    assert.equal(files().length, 2);
    assert.ok(files().includes(first ?? 0));
  });

  it("ends as well when another process brings back the marks from before the fresh token", async () => {
    assert.deepEqual(await calls(other, one), ["full 1", "warm 1"]);
    const [name = ""] = fs.readdirSync(marksFolder(bench.state));
    const before = fs.readFileSync(`${marksFolder(bench.state)}/${name}`);
    assert.equal(await call(one), "renewed 2");
    fs.writeFileSync(`${marksFolder(bench.state)}/${name}`, before);
    assert.deepEqual(await calls(one, one, one), ["warm 2", "warm 2", "warm 2"]);
  });

  it("costs one fresh token more at most when another process takes its mark away", async () => {
    const forget = () => fs.rmSync(marksFolder(bench.state), { recursive: true });
    assert.deepEqual(await calls(one, one), ["full 1", "renewed 2"]);
    forget();
    fs.mkdirSync(marksFolder(bench.state), { mode: 0o700 });
    assert.deepEqual(await calls(one, one, one, one), ["warm 2", "renewed 3", "warm 3", "warm 3"]);
  });

  it("still gets its tokens where no mark can be left", async () => {
    fs.rmSync(marksFolder(bench.state), { recursive: true });
    fs.writeFileSync(marksFolder(bench.state), "");
    assert.deepEqual(await calls(one, one, one), ["full 1", "warm 1", "warm 1"]);
  });
});
