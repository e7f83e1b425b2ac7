import assert from "node:assert/strict";
import { suiteBench } from "./bench.ts";

describe("startVouchStandIn", () => {
  const bench = suiteBench();

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
