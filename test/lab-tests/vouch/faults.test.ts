import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { FIDO2_GRANT, suiteBench } from "./bench.ts";
import { type HandConnection, handConnection } from "./hand-http.ts";

describe("faults of the Vouch stand-in", () => {
  const bench = suiteBench();

  const health = () => bench.get("/health");

  it("down: closes new and old connections without an answer, and comes back", async () => {
    const { faults, url } = bench.standIn;
    faults.down = true;
    await assert.rejects(health(), { code: "ECONNRESET" });
    const fresh: HandConnection = handConnection(url, "");
    await assert.rejects(fresh.send({ method: "GET", path: "/health" }), { code: "ECONNRESET" });
    faults.down = false;
    assert.equal((await health()).outcome, "200 ok");
  });

  it("rateLimit: 429 so many times, with Retry-After when given", async () => {
    const { faults } = bench.standIn;
    faults.rateLimit = { times: 1, retryAfter: 7 };
    const limited = await health();
    assert.deepEqual([limited.outcome, limited.headers["retry-after"]], ["429 Too Many Requests", "7"]);
    assert.equal((await health()).outcome, "200 ok");
    faults.rateLimit = { times: 1 };
    assert.equal((await health()).headers["retry-after"], undefined);
  });

  it("rateLimit: may be for one path only", async () => {
    bench.standIn.faults.rateLimit = { times: 1, path: "/oauth/token" };
    assert.equal((await health()).outcome, "200 ok");
    assert.equal((await bench.login()).status, 429);
    assert.equal((await bench.login()).status, 200);
  });

  it("failure: 500 in the words of the server, others in those of a proxy", async () => {
    const { faults } = bench.standIn;
    const outcomes = [];
    for (const [path, status] of [
      ["/oauth/jwks", 500],
      ["/v1/auth/status", 500],
      ["/health", 503],
    ] as const) {
      faults.failure = { times: 1, status };
      outcomes.push((await bench.get(path)).outcome);
    }
    assert.deepEqual(outcomes, [
      "500 server_error",
      "500 server_error",
      "503 <html><body><h1>503</h1></body></html>",
    ]);
    assert.equal((await health()).outcome, "200 ok");
  });

  it("slowMs: no answer until then", async () => {
    bench.standIn.faults.slowMs = 3_600_000;
    const answered = health().then(
      () => "answered",
      () => "cut off",
    );
    assert.equal(await Promise.race([answered, setTimeout(50, "silent")]), "silent");
    await bench.close();
    assert.equal(await answered, "cut off");
    await bench.open();
    bench.standIn.faults.slowMs = 1;
    assert.equal((await health()).outcome, "200 ok");
  });

  it("redirect: everything is elsewhere", async () => {
    bench.standIn.faults.redirect = { location: "https://elsewhere.test/" };
    const { status, headers } = await bench.askChallenge();
    assert.deepEqual([status, headers["location"]], [307, "https://elsewhere.test/"]);
    bench.standIn.faults.redirect = { location: "/x", status: 302 };
    assert.equal((await health()).status, 302);
  });

  it("captivePortal: a page that is not ours", async () => {
    bench.standIn.faults.captivePortal = true;
    const { status, headers } = await bench.askChallenge();
    assert.deepEqual([status, headers["content-type"]], [200, "text/html; charset=utf-8"]);
  });

  it("dropChallengeNonce and dropDemandedNonce: no DPoP-Nonce", async () => {
    const { faults } = bench.standIn;
    faults.dropChallengeNonce = true;
    assert.equal((await bench.askChallenge()).headers["dpop-nonce"], undefined);
    faults.dropDemandedNonce = true;
    const demand = await bench.askToken({ grant_type: FIDO2_GRANT, assertion: "x" }, "unknown");
    assert.deepEqual([demand.outcome, demand.headers["dpop-nonce"]], ["400 use_dpop_nonce", undefined]);
  });

  it("nonceDemands: good nonces are refused so many times", async () => {
    bench.standIn.faults.nonceDemands = 2;
    const challenge = await bench.challenge();
    const fields = { grant_type: FIDO2_GRANT, assertion: bench.fido2Assertion(challenge) };
    let { nonce } = challenge;
    const outcomes = [];
    for (let round = 0; round < 3; round += 1) {
      const answer = await bench.askToken(fields, nonce);
      outcomes.push(answer.outcome);
      nonce = String(answer.headers["dpop-nonce"]);
    }
    assert.deepEqual(outcomes, ["400 use_dpop_nonce", "400 use_dpop_nonce", "200"]);
  });

  it("missingEmail and expiresAt: other members in the token answer", async () => {
    const { faults } = bench.standIn;
    faults.missingEmail = true;
    faults.expiresAt = "2026-01-15T20:00:00Z";
    const { json } = await bench.login();
    assert.deepEqual(["email" in json, json["expires_at"]], [false, "2026-01-15T20:00:00Z"]);
  });
});
