import assert from "node:assert/strict";
import type { JsonWebKey } from "node:crypto";
import { suiteBench } from "../bench.ts";

describe("discovery at the Vouch stand-in", () => {
  const bench = suiteBench();

  it("is one document under two paths", async () => {
    const documents = [
      await bench.get("/.well-known/openid-configuration"),
      await bench.get("/.well-known/oauth-authorization-server"),
    ];
    assert.deepEqual(documents[0]?.json, documents[1]?.json);
    const { issuer, token_endpoint, jwks_uri, registration_endpoint } = documents[0]?.json ?? {};
    const { url } = bench.standIn;
    assert.deepEqual(
      [issuer, token_endpoint, jwks_uri, registration_endpoint],
      [url, `${url}/oauth/token`, `${url}/oauth/jwks`, null],
    );
  });

  it("leads to two public keys", async () => {
    const keys = (await bench.get("/oauth/jwks")).json["keys"] as JsonWebKey[];
    assert.deepEqual(
      keys.map((key) => [key.kty, key["alg"], key["use"], Object.keys(key).sort().join()]),
      [
        ["EC", "ES256", "sig", "alg,crv,kid,kty,use,x,y"],
        ["RSA", "RS256", "sig", "alg,e,kid,kty,n,use"],
      ],
    );
  });

  it("does not offer RS256 without an RSA key", async () => {
    bench.standIn.faults.noRsaKey = true;
    const { json } = await bench.get("/.well-known/openid-configuration");
    assert.deepEqual(json["id_token_signing_alg_values_supported"], ["ES256"]);
  });

  it("comes with a health check", async () => {
    const answers = [await bench.get("/health"), await bench.get("/health/ready")];
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ["200 ok", "200 ok"],
    );
  });
});
