import assert from "node:assert/strict";
import fs from "node:fs";
import { explainToken } from "../../../token/eks/explain-token.ts";
import { fnv32 } from "../../../token/hot/fnv.ts";
import { sessionFolder, tokenFile } from "../../../token/hot/state-files.ts";
import { vouchRequest } from "../../../token/mint/mint-token.ts";
import { keepSession } from "../../../token/session/session-store.ts";
import { exchangeOf, type MintBench, type MintCall, mintBench, QUESTION } from "../../support/mint-bench.ts";
import { onPosix } from "../../support/platform.ts";
import { login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const MINUTE = 60_000;
const HUB = "arn:aws:iam::111122223333:role/hub";

describe("mintToken", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });

  const keyOf = ({ question, env = {}, login: who = bench.ada }: MintCall = {}) =>
    vouchRequest({ ...QUESTION, ...question }, who.entry, env).key;
  const fileOf = (call: MintCall = {}) =>
    tokenFile(sessionFolder(bench.state, (call.login ?? bench.ada).entry.id), fnv32(keyOf(call)));
  /** In the session's folder, but for what login wrote. */
  const files = () =>
    fs
      .readdirSync(sessionFolder(bench.state, bench.ada.entry.id))
      .filter((name) => name !== "key-store.json");

  it("signs a token that a verifier accepts, for the cluster's region and the credentials of the role", async () => {
    const { token, renewed } = await bench.mint();
    const { problems, host, region, accessKeyId, signedAt } = explainToken(token.token, bench.clock());
    assert.deepEqual(
      { problems, host, region, accessKeyId, signedAt, renewed },
      {
        problems: [],
        host: "sts.us-east-1.amazonaws.com",
        region: "us-east-1",
        accessKeyId: "ASIACANARYKEY0000001",
        signedAt: Math.floor(bench.clock() / 1000) * 1000,
        renewed: false,
      },
    );
  });

  onPosix("modes", "keeps the whole key with the token in a private file, and no lock", async () => {
    const { token } = await bench.mint();
    assert.deepEqual(JSON.parse(fs.readFileSync(fileOf(), "utf8")), token);
    assert.equal(token.key, keyOf());
    assert.equal(fs.statSync(fileOf()).mode & 0o777, 0o600);
    assert.deepEqual(
      files().filter((name) => !/^(?:token-.*\.json|aws-.*)$/.test(name)),
      [],
    );
  });

  it("signs for AWS's own host, whatever the endpoint of the exchange", async () => {
    const { token } = await bench.mint({ env: { AWS_ENDPOINT_URL_STS: "https://localhost:4566" } });
    assert.equal(explainToken(token.token, bench.clock()).host, "sts.us-east-1.amazonaws.com");
  });

  describe("from the cache", () => {
    it("answers as long as the token lives, whoever asks", async () => {
      const first = await bench.mint();
      bench.clock.advance(14 * MINUTE - 1);
      assert.deepEqual(await bench.mint({ parentId: 200 }), first);
      assert.deepEqual(bench.exchanges, [QUESTION.role]);
    });

    it("signs again when the token has come to its end, with the credentials that still live", async () => {
      const first = await bench.mint();
      bench.clock.advance(14 * MINUTE);
      const second = await bench.mint();
      assert.notEqual(second.token.token, first.token.token);
      assert.deepEqual([exchangeOf(second), second.renewed], [1, false]);
    });

    for (const [what, text] of Object.entries({
      "an empty file": "",
      "half a file": '{"key":"',
      "a file with another key": '{"key":"x","token":"k8s-aws-v1.x","expires":9999999999999}',
      "a token that is none": '{"token":"x"}',
    })) {
      it(`does not answer from ${what}`, async () => {
        fs.writeFileSync(fileOf(), text);
        assert.equal(exchangeOf(await bench.mint()), 1);
        assert.equal(JSON.parse(fs.readFileSync(fileOf(), "utf8")).key, keyOf());
      });
    }

    const grace = login("grace@example.com", sessionId(2), { now: Date.now() });
    const changes: Readonly<Record<string, MintCall>> = {
      cluster: { question: { cluster: "lab2" } },
      region: { question: { region: "us-east-2" } },
      role: { question: { role: HUB } },
      "a role on the way": { question: { via: [HUB] } },
      server: { question: { server: "https://eu.vouch.sh" } },
      "FIPS endpoints": { env: { AWS_USE_FIPS_ENDPOINT: "true" } },
      "dual-stack endpoints": { env: { AWS_USE_DUALSTACK_ENDPOINT: "true" } },
      "an AI agent": { env: { CLAUDECODE: "1" } },
      "another AI agent": { env: { AI_AGENT: "x" } },
      person: { login: grace },
    };
    for (const [what, call] of Object.entries(changes)) {
      it(`answers nothing else when the question differs by ${what}`, async () => {
        keepSession(bench.place, grace.session, grace.entry);
        const plain = await bench.mint();
        const other = await bench.mint(call);
        assert.notEqual(other.token.token, plain.token.token);
        assert.notEqual(fileOf(call), fileOf());
        assert.deepEqual(
          [fileOf(), fileOf(call)].map((file) => JSON.parse(fs.readFileSync(file, "utf8"))),
          [plain.token, other.token],
        );
      });
    }
  });

  describe("the expiry", () => {
    const expiry = async () => (await bench.mint()).token.expires - bench.clock();

    it("is 14 minutes away", async () => {
      assert.equal(await expiry(), 14 * MINUTE);
    });

    it("is a minute before the credentials end", async () => {
      bench.credentialsLiveMs = 10 * MINUTE;
      assert.equal(await expiry(), 9 * MINUTE);
    });

    it("is a minute before the session ends", async () => {
      bench.clock.advance(8 * 60 * MINUTE - 5 * MINUTE);
      assert.equal(await expiry(), 4 * MINUTE);
    });

    it("is never in the past: a session that is about to end gives no token", async () => {
      bench.clock.advance(8 * 60 * MINUTE - MINUTE);
      await assert.rejects(bench.mint(), {
        code: "session-expired",
        message: "The session of ada@example.com at https://us.vouch.sh is about to end.",
        hint: "Run `kubectl vouch login --server https://us.vouch.sh` and touch your security key.",
      });
      assert.equal(fs.existsSync(fileOf()), false);
    });
  });

  describe("the credentials", () => {
    it("serve all clusters of a role, whatever the region in the partition", async () => {
      await bench.mint();
      await bench.mint({ question: { cluster: "lab2" } });
      await bench.mint({ question: { region: "eu-west-1" } });
      assert.deepEqual(bench.exchanges, [QUESTION.role]);
    });

    it("serve a new token while they live five minutes, and no longer", async () => {
      bench.credentialsLiveMs = 30 * MINUTE;
      await bench.mint();
      bench.clock.advance(25 * MINUTE);
      assert.equal(exchangeOf(await bench.mint()), 1);
      bench.clock.advance(1);
      assert.equal(exchangeOf(await bench.mint({ question: { cluster: "lab2" } })), 2);
    });

    it("are asked for with the whole chain", async () => {
      const { token } = await bench.mint({ question: { via: [HUB] } });
      assert.deepEqual(bench.exchanges, [HUB]);
      assert.equal(
        explainToken(token.token, bench.clock()).accessKeyId,
        "ASIACANARYKEY0000001>arn:aws:iam::111122223333:role",
      );
    });

    it("leave no token behind when they are refused", async () => {
      bench.during = () => Promise.reject(new Error("refused"));
      await assert.rejects(bench.mint(), { message: "refused" });
      assert.deepEqual(files(), []);
      bench.during = async () => undefined;
      assert.equal(exchangeOf(await bench.mint()), 2);
    });
  });
});
