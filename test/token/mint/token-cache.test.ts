import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { profilesFolder, sessionFolder } from "../../../token/hot/state-files.ts";
import { awsRequest, vouchRequest } from "../../../token/mint/mint-token.ts";
import { type SessionParties, sessionSource } from "../../../token/mint/session-source.ts";
import { findToken, keepToken, listTokens, removeToken } from "../../../token/mint/token-cache.ts";
import { countingParties, type MintBench, mintBench, QUESTION } from "../../support/mint-bench.ts";
import { onPosix } from "../../support/platform.ts";
import { login, sessionId } from "../../support/sessions.ts";
import { tempFolder } from "../../support/temp-folder.ts";

describe("the token cache", () => {
  const folder = tempFolder();
  let bench: MintBench;
  beforeEach(() => {
    bench = mintBench(folder());
  });

  const place = () => sessionSource(request(), partiesOf(bench));
  const session = () => sessionFolder(bench.state, bench.ada.entry.id);
  const request = (cluster = "lab", env = {}) => vouchRequest({ ...QUESTION, cluster }, bench.ada.entry, env);
  const keep = (cluster = "lab", env = {}) => {
    const { key } = request(cluster, env);
    const token = { key, token: `k8s-aws-v1.canary-${cluster}`, expires: bench.clock() + 1000 };
    keepToken(place(), token);
    return token;
  };

  const cachedFile = () => fs.readdirSync(session()).find((name) => name.startsWith("token-")) ?? "";

  it("finds what was kept until it expires", () => {
    const token = keep();
    assert.deepEqual(findToken(place(), request().key, bench.clock() + 999), token);
    assert.equal(findToken(place(), request().key, bench.clock() + 1000), undefined);
    assert.equal(findToken(place(), request("lab2").key, bench.clock()), undefined);
  });

  it("finds nothing in bytes that are no text, and can be written over them", () => {
    keep();
    const file = cachedFile();
    fs.writeFileSync(path.join(session(), file), Buffer.from([0xff, 0xfe, 0x00]));
    assert.equal(findToken(place(), request().key, bench.clock()), undefined);
    assert.deepEqual(listTokens(bench.state), []);
    const token = keep();
    assert.deepEqual(findToken(place(), request().key, bench.clock()), token);
  });

  for (const mode of [0o640, 0o604, 0o620, 0o602]) {
    onPosix(
      "modes",
      `does not believe a token that others may read or write (mode ${mode.toString(8)})`,
      () => {
        keep();
        const file = cachedFile();
        fs.chmodSync(path.join(session(), file), mode);
        assert.equal(findToken(place(), request().key, bench.clock()), undefined);
      },
    );
  }

  it("makes no folder for a session that is gone", () => {
    fs.rmSync(session(), { recursive: true });
    assert.throws(() => keep(), {
      code: "logged-out",
      message: "ada@example.com has been logged out of https://us.vouch.sh in the meantime.",
    });
    assert.equal(fs.existsSync(session()), false);
  });

  it("lists all tokens for people, expired ones too, without their secret", () => {
    keep("lab");
    keep("lab2", { CLAUDECODE: "1" });
    fs.writeFileSync(path.join(session(), "aws-x"), "");
    fs.writeFileSync(path.join(session(), "token-broken.json"), "{");
    const entries = listTokens(bench.state).sort((a, b) => (a.cluster < b.cluster ? -1 : 1));
    assert.deepEqual(
      entries.map(({ file, ...rest }) => ({ ...rest, isThere: fs.existsSync(file) })),
      [
        { cluster: "lab", agent: undefined },
        { cluster: "lab2", agent: "claude-code" },
      ].map(({ cluster, agent }) => ({
        server: QUESTION.server,
        identity: "ada@example.com",
        role: QUESTION.role,
        region: "us-east-1",
        cluster,
        agent,
        expires: bench.clock() + 1000,
        isThere: true,
      })),
    );
    assert.ok(!JSON.stringify(entries).includes("canary"));
  });

  it("lists a token by an AWS profile, or by the environment, as what it is", () => {
    const env = { HOME: "/home/ada" };
    const keepFor = (profile: string | undefined, role: string | undefined) => {
      const question = { cluster: "lab", region: "us-east-1", profile, role, via: [] };
      const { key } = awsRequest(question, { env, homeDir: "/home/ada" });
      const profiles = profilesFolder(bench.state);
      fs.mkdirSync(profiles, { recursive: true, mode: 0o700 });
      keepToken({ folder: profiles }, { key, token: "k8s-aws-v1.canary", expires: 1000, source: "x" });
    };
    keepFor("dev", QUESTION.role);
    keepFor(undefined, undefined);
    const listed = listTokens(bench.state).map(({ file, ...rest }) => rest);
    const common = { region: "us-east-1", cluster: "lab", agent: undefined, expires: 1000 };
    assert.deepEqual(
      new Set(listed.map((entry) => JSON.stringify(entry, Object.keys(entry).sort()))),
      new Set(
        [
          { ...common, profile: "dev", role: QUESTION.role },
          { ...common, profile: undefined, role: undefined },
        ].map((entry) => JSON.stringify(entry, Object.keys(entry).sort())),
      ),
    );
  });

  it("lists nothing where there is nothing", () => {
    assert.deepEqual(listTokens(path.join(folder(), "elsewhere")), []);
  });

  it("gives up a token that is removed, once or twice", () => {
    keep();
    const [entry] = listTokens(bench.state);
    assert.ok(entry !== undefined);
    removeToken(entry.file);
    removeToken(entry.file);
    assert.equal(findToken(place(), request().key, bench.clock()), undefined);
  });

  it("says so when a token cannot be removed", () => {
    const file = path.join(session(), "token-1.json");
    fs.mkdirSync(file);
    assert.throws(() => removeToken(file), {
      code: "file-unwritable",
      message: /token-1\.json could not be removed: /,
    });
  });
});

const NOBODY = new AbortController().signal;

function partiesOf(bench: MintBench): SessionParties {
  return { place: bench.place, parties: countingParties(bench), now: bench.clock, signal: NOBODY };
}

describe("vouchRequest", () => {
  const ada = login("ada@example.com", sessionId(1)).entry;

  it("completes a question with the host to sign and the agent that asks", () => {
    const { stsHost, agent } = vouchRequest(QUESTION, ada, { AI_AGENT: "x", AWS_USE_FIPS_ENDPOINT: "true" });
    assert.deepEqual([stsHost, agent], ["sts-fips.us-east-1.amazonaws.com", "x"]);
  });

  it("refuses a region or a variable that cannot be signed for", () => {
    assert.throws(() => vouchRequest({ ...QUESTION, region: "nowhere" }, ada, {}), {
      code: "region-invalid",
    });
    assert.throws(() => vouchRequest(QUESTION, ada, { AWS_USE_DUALSTACK_ENDPOINT: "maybe" }), {
      code: "config-invalid",
    });
  });
});
