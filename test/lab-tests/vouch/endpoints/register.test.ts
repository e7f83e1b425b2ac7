import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { DEVICE_GRANT, EXCHANGE_GRANT, FIDO2_GRANT, suiteBench } from "../bench.ts";
import type { HandAnswer } from "../hand-http.ts";
import { makeHandKey } from "../hand-jws.ts";

describe("client registration at the Vouch stand-in", () => {
  const bench = suiteBench();

  it("answers 201 with everything a client needs, and the metadata", async () => {
    const { status, headers, json } = await bench.register();
    const { client_id, registration_access_token, ...rest } = json;
    assert.equal(status, 201);
    assert.match(String(registration_access_token), /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      client_id_issued_at: bench.now,
      registration_client_uri: `${bench.standIn.url}/oauth/register/${client_id}`,
      client_name: "by hand",
      software_id: "hand-client",
      software_version: "1",
      jwks: { keys: [bench.key.jwk] },
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: [DEVICE_GRANT, FIDO2_GRANT, EXCHANGE_GRANT],
      response_types: [],
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: "ES256",
    });
    assert.equal(headers["cache-control"], "no-cache, no-store, must-revalidate");
  });

  const rsaJwk = () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  const METADATA = "400 invalid_client_metadata";
  const changed: Record<string, [() => object, string]> = {
    "an unknown grant": [() => ({ grant_types: ["implicit"] }), METADATA],
    "grants that are no list": [() => ({ grant_types: FIDO2_GRANT }), METADATA],
    "response types left out, which means code": [() => ({ response_types: undefined }), METADATA],
    "grants left out, which means authorization_code": [() => ({ grant_types: undefined }), METADATA],
    "an unknown authentication method": [
      () => ({ token_endpoint_auth_method: "psychic", dpop_bound_access_tokens: false }),
      METADATA,
    ],
    "bound tokens with a secret": [() => ({ token_endpoint_auth_method: "client_secret_basic" }), METADATA],
    "bound tokens without a key": [() => ({ jwks: undefined }), METADATA],
    "bound tokens with RS256": [() => ({ id_token_signed_response_alg: "RS256" }), METADATA],
    "an empty JWKS": [() => ({ jwks: { keys: [] } }), METADATA],
    "only a key that is no use": [
      () => ({
        jwks: {
          keys: [generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" })],
        },
      }),
      METADATA,
    ],
    "an RSA key, good for PS256": [() => ({ jwks: { keys: [rsaJwk()] } }), "201"],
    "a JWKS that is none": [() => ({ jwks: [] }), METADATA],
    "a private key": [
      () => ({ jwks: { keys: [makeHandKey().privateKey.export({ format: "jwk" })] } }),
      METADATA,
    ],
    "a point off the curve": [() => ({ jwks: { keys: [{ ...makeHandKey().jwk, x: "AA" }] } }), METADATA],
  };
  for (const [name, [changes, outcome]] of Object.entries(changed)) {
    it(`answers ${outcome} to ${name}`, async () => {
      const answer = await bench.register(changes());
      assert.equal(answer.outcome, outcome);
    });
  }

  it("refuses a body that is no JSON object, and one of another type", async () => {
    assert.equal((await bench.postJson("/oauth/register", [])).outcome, METADATA);
    const headers = { "Content-Type": "application/json" };
    const broken = await bench.send({ method: "POST", path: "/oauth/register", headers, body: "{" });
    assert.equal(broken.outcome, METADATA);
    const form = await bench.postForm("/oauth/register", { client_name: "x" });
    assert.equal(form.outcome, "415 Expected request with `Content-Type: application/json`");
  });

  it("does not fall back to open registration when an Authorization header is wrong", async () => {
    const answer = await bench.postJson("/oauth/register", bench.registration(), {
      Authorization: "Bearer x",
    });
    assert.equal(answer.outcome, "401 invalid_token");
  });
});

describe("registration management at the Vouch stand-in", () => {
  const bench = suiteBench();
  let registered: Record<string, unknown>;
  beforeEach(async () => {
    registered = (await bench.register()).json;
  });

  const manage = (method: string, changes: { token?: string; id?: string; body?: object } = {}) => {
    const {
      token = String(registered["registration_access_token"]),
      id = registered["client_id"],
      body,
    } = changes;
    return bench.send({
      method,
      path: `/oauth/register/${id}`,
      headers: {
        ...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
        "Content-Type": "application/json",
      },
      body: body === undefined ? "" : JSON.stringify(body),
    });
  };
  const challengeOf = ({ headers }: HandAnswer) => headers["www-authenticate"];

  for (const method of ["GET", "PUT", "DELETE"]) {
    it(`${method} without a token is answered with a bare challenge`, async () => {
      const answer = await manage(method, { token: "" });
      assert.deepEqual([answer.status, answer.text, challengeOf(answer)], [401, "", "Bearer"]);
    });

    it(`${method} answers a wrong token and an unknown client alike`, async () => {
      const answers = [await manage(method, { token: "wrong" }), await manage(method, { id: "nobody" })];
      for (const answer of answers) {
        assert.equal(answer.outcome, "401 invalid_token");
        assert.match(String(challengeOf(answer)), /^Bearer error="invalid_token",/);
      }
      assert.deepEqual(answers[0]?.json, answers[1]?.json);
    });
  }

  it("PUT replaces everything and the token; the old one dies at once", async () => {
    const { client_name: _, ...nameless } = bench.registration() as Record<string, unknown>;
    const { status, json } = await manage("PUT", { body: { ...nameless, grant_types: [FIDO2_GRANT] } });
    assert.equal(status, 200);
    assert.deepEqual(
      [json["client_id"], json["client_name"], json["grant_types"]],
      [registered["client_id"], undefined, [FIDO2_GRANT]],
    );
    assert.equal((await manage("GET")).outcome, "401 invalid_token");
    const token = String(json["registration_access_token"]);
    assert.equal((await manage("GET", { token })).status, 200);
  });

  it("PUT changes what the client may do", async () => {
    bench.clientId = String(registered["client_id"]);
    await manage("PUT", { body: { ...bench.registration(), grant_types: [EXCHANGE_GRANT] } });
    assert.equal((await bench.askChallenge()).outcome, "400 unauthorized_client");
  });

  it("PUT is refused for bad metadata or another client_id, and the token stays", async () => {
    const body = { ...bench.registration(), client_id: "somebody" };
    assert.equal((await manage("PUT", { body })).outcome, "400 invalid_client_metadata");
    assert.equal(
      (await manage("PUT", { body: { grant_types: ["implicit"] } })).outcome,
      "400 invalid_client_metadata",
    );
    assert.equal((await manage("GET")).status, 200);
  });

  it("refuses a token that the server rotated", async () => {
    bench.standIn.rotateRegistrationToken(String(registered["client_id"]));
    assert.equal((await manage("GET")).outcome, "401 invalid_token");
  });
});
