import assert from "node:assert/strict";
import { EMAIL, NOON, suiteBench } from "./bench.ts";

describe("startVouchStandIn", () => {
  const bench = suiteBench();

  it("listens on loopback under the name of its certificate", async () => {
    assert.match(bench.standIn.url, /^https:\/\/localhost:\d+$/);
    const { port } = new URL(bench.standIn.url);
    await bench.reopen({ port: Number(port) });
    assert.equal(bench.standIn.url, `https://localhost:${port}`);
  });

  it("dates its answers by the lab's clock", async () => {
    bench.clock.advance(-3_600_000);
    assert.equal((await bench.get("/health")).headers["date"], new Date(NOON - 3_600_000).toUTCString());
  });

  it("knows no other paths, and no other methods", async () => {
    assert.equal((await bench.get("/oauth/authorize")).status, 404);
    const { status, headers } = await bench.get("/oauth/token");
    assert.deepEqual([status, headers["allow"]], [405, "POST"]);
    const head = await bench.send({ method: "HEAD", path: "/health" });
    assert.deepEqual([head.status, head.text], [200, ""]);
  });

  it("takes no body over 256 KiB", async () => {
    const send = (size: number) =>
      bench.send({ method: "POST", path: "/oauth/token", body: "x".repeat(size) });
    assert.equal((await send(256 * 1024 + 1)).status, 413);
    assert.equal((await send(256 * 1024)).status, 415);
  });

  it("remembers requests until it is told to forget them", async () => {
    bench.standIn.clearRequests();
    await bench.get("/health?a=b", { "X-Canary": "canary" });
    const [first, ...more] = bench.standIn.requests;
    assert.ok(first !== undefined);
    const { headers, ...rest } = first;
    assert.deepEqual(rest, {
      method: "GET",
      path: "/health",
      query: "?a=b",
      body: "",
      time: NOON,
      status: 200,
    });
    assert.deepEqual([headers["x-canary"], more], ["canary", []]);
    bench.standIn.clearRequests();
    assert.deepEqual(bench.standIn.requests, []);
  });

  it("counts what it did", async () => {
    await bench.login();
    const token = String((await bench.login({}, { counter: 2 })).json["access_token"]);
    await bench.signed("/v1/credentials/aws/token", { token });
    assert.deepEqual(bench.standIn.counts, {
      registrations: 1,
      challenges: 2,
      logins: 2,
      awsTokens: 1,
      exchangedTokens: 0,
    });
    assert.equal(bench.standIn.liveSessions, 2);
  });

  it("lists its users and credentials", () => {
    assert.deepEqual(bench.standIn.users, [
      { id: bench.userId, email: EMAIL, domain: undefined, active: true },
    ]);
    const id = bench.securityKey.credentialId.toString("base64url");
    assert.deepEqual(
      bench.standIn.credentials.map((one) => [one.id, one.userId, one.counter]),
      [[id, bench.userId, 0]],
    );
    bench.standIn.deactivateUser(bench.userId);
    assert.equal(bench.standIn.users[0]?.active, false);
  });

  it("refuses hooks that name what is not there", () => {
    const { standIn } = bench;
    const known = { credentialId: Buffer.alloc(16), cosePublicKey: Buffer.alloc(1), counter: 0 };
    for (const hook of [
      () => standIn.deactivateUser("x"),
      () => standIn.removeUser("x"),
      () => standIn.addCredential({ ...known, userId: "x" }),
      () => standIn.deactivateClient("x"),
      () => standIn.rotateRegistrationToken("x"),
      () => standIn.approveDevice("x", { userId: bench.userId }),
      () => standIn.denyDevice("x"),
    ]) {
      assert.throws(hook, /^Error: The Vouch stand-in knows no .+ x$/);
    }
  });

  it("forgets its registrations when it is told to", async () => {
    bench.standIn.forgetClients();
    assert.deepEqual(bench.standIn.clientIds, []);
    assert.equal((await bench.askChallenge()).outcome, "401 invalid_client");
  });

  it("has another issuer when it is started at another address: old assertions are refused there", async () => {
    const { url } = bench.standIn;
    await bench.reopen();
    const answer = await bench.askChallenge(bench.clientFields({ claims: { aud: url } }));
    assert.equal(answer.outcome, "401 invalid_client");
  });
});
