import assert from "node:assert/strict";
import { DEVICE_GRANT, FIDO2_GRANT, suiteBench } from "../bench.ts";

describe("token endpoint of the Vouch stand-in", () => {
  const bench = suiteBench();

  const outcomeOf = async (fields: Record<string, string | undefined>) =>
    (await bench.postForm("/oauth/token", fields)).outcome;

  const limits: Record<string, number> = {
    client_id: 256,
    scope: 512,
    redirect_uri: 2048,
    resource: 2048,
    client_assertion: 8192,
    assertion: 8192,
  };
  for (const [name, limit] of Object.entries(limits)) {
    it(`refuses ${name} of more than ${limit} characters before all else`, async () => {
      assert.equal(
        await outcomeOf({ [name]: "x".repeat(limit + 1), grant_type: "?" }),
        "400 invalid_request",
      );
      assert.equal(
        await outcomeOf({ [name]: "x".repeat(limit), grant_type: "?" }),
        "400 unsupported_grant_type",
      );
    });
  }

  it("refuses an unknown grant, or none, before it asks who the client is", async () => {
    assert.equal(await outcomeOf({ grant_type: "password" }), "400 unsupported_grant_type");
    assert.equal(await outcomeOf({}), "400 invalid_request");
    assert.equal(await outcomeOf({ grant_type: DEVICE_GRANT }), "401 invalid_client");
  });

  it("reads forms only, each field once", async () => {
    const json = await bench.postJson("/oauth/token", { grant_type: FIDO2_GRANT });
    assert.equal(
      json.outcome,
      "415 Form requests must have `Content-Type: application/x-www-form-urlencoded`",
    );
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const twice = { method: "POST", path: "/oauth/token", headers, body: "grant_type=a&grant_type=a" };
    assert.equal((await bench.send(twice)).outcome, "400 invalid_request");
  });
});
