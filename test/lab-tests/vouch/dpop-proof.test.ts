import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Bench, EXCHANGE_GRANT, FIDO2_GRANT, type JwsChanges, suiteBench } from "./bench.ts";
import { es256, makeHandKey } from "./hand-jws.ts";

/**
 * A proof that is accepted at the token endpoint lets the request go on to the FIDO2 assertion, which is nonsense here:
 * so `400 invalid_grant` says that the proof was good.
 */
const ACCEPTED = "400 invalid_grant";
const REFUSED = "400 invalid_dpop_proof";
const AWS_PATH = "/v1/credentials/aws/token";

/** Proofs that are broken the same way at both kinds of endpoint. */
const BROKEN: Record<string, (bench: Bench) => JwsChanges> = {
  "DP2: with a crit header": () => ({ header: { crit: ["exp"] } }),
  "DP2: without a jwk": () => ({ header: { jwk: undefined } }),
  "DP2: with a private jwk": ({ key }) => ({
    header: { jwk: { ...key.jwk, d: key.privateKey.export({ format: "jwk" }).d } },
  }),
  "DP3: with typ JWT": () => ({ header: { typ: "JWT" } }),
  "DP3: without typ": () => ({ header: { typ: undefined } }),
  "DP4: with alg none": () => ({ header: { alg: "none" } }),
  "DP4: with an alg of another key type": () => ({ header: { alg: "PS256" } }),
  "DP5: signed by another key": () => ({ signer: es256(makeHandKey()) }),
  "DP5: with a point off the curve": ({ key }) => ({ header: { jwk: { ...key.jwk, y: key.jwk.x } } }),
  "DP6: without jti": () => ({ claims: { jti: undefined } }),
  "DP6: with an empty jti": () => ({ claims: { jti: "" } }),
  "DP8: for another method": () => ({ claims: { htm: "PUT" } }),
  "DP8: without htm": () => ({ claims: { htm: undefined } }),
  "DP9: for another path": ({ standIn }) => ({ claims: { htu: `${standIn.url}/oauth/revoke` } }),
  "DP9: for another port": () => ({ claims: { htu: "https://localhost:1/oauth/token" } }),
  "DP9: for no URL": () => ({ claims: { htu: "/oauth/token" } }),
  "DP9: without htu": () => ({ claims: { htu: undefined } }),
  "DP10: 61 s ahead": ({ now }) => ({ claims: { iat: now + 61 } }),
  "DP10: 301 s behind": ({ now }) => ({ claims: { iat: now - 301 } }),
  "DP10: 300 s behind": ({ now }) => ({ claims: { iat: now - 300 } }),
  "DP10: without iat": () => ({ claims: { iat: undefined } }),
};

/** The like that must pass. */
const UNBROKEN: Record<string, (bench: Bench, called: { method: string; url: string }) => JwsChanges> = {
  "as the specification writes it": () => ({}),
  "DP8: with the method in lower case": (_, { method }) => ({ claims: { htm: method.toLowerCase() } }),
  "DP9: with query, fragment, dots and upper-case host": (_, { url }) => ({
    claims: { htu: `${url.replace("localhost", "LOCALHOST").replace(/\/([^/]+)$/, "/x/../$1")}?a=b#c` },
  }),
  "DP10: 60 s ahead": ({ now }) => ({ claims: { iat: now + 60 } }),
  "DP10: 299 s behind": ({ now }) => ({ claims: { iat: now - 299 } }),
};

describe("DPoP proof at the token endpoint of the Vouch stand-in", () => {
  const bench = suiteBench();
  let nonce: string;
  beforeEach(async () => {
    nonce = (await bench.challenge()).nonce;
  });

  const send = (headers: Record<string, string | readonly string[]>) =>
    bench.postForm(
      "/oauth/token",
      { ...bench.clientFields(), grant_type: FIDO2_GRANT, assertion: "x" },
      headers,
    );
  const withChanges = async (changes: JwsChanges) =>
    (await send({ DPoP: bench.tokenProof(nonce, changes) })).outcome;

  for (const [name, changes] of Object.entries(UNBROKEN)) {
    it(`is accepted ${name}`, async () => {
      assert.equal(
        await withChanges(changes(bench, { method: "POST", url: `${bench.standIn.url}/oauth/token` })),
        ACCEPTED,
      );
    });
  }
  for (const [name, changes] of Object.entries(BROKEN)) {
    it(`is refused ${name}`, async () => {
      assert.equal(await withChanges(changes(bench)), REFUSED);
    });
  }

  it("DP1: is refused twice in one request, or when it is not plain ASCII", async () => {
    const twice = await send({ DPoP: [bench.tokenProof(nonce), bench.tokenProof(nonce)] });
    assert.equal(twice.outcome, REFUSED);
    assert.equal((await send({ DPoP: "\u00e9.a.b" })).outcome, REFUSED);
    assert.equal((await send({ DPoP: "" })).outcome, REFUSED);
  });

  it("DP2: is refused when it is no JWS", async () => {
    for (const DPoP of ["x", "a.b.c", `${bench.tokenProof(nonce)}.AA`]) {
      assert.equal((await send({ DPoP })).outcome, REFUSED);
    }
  });

  it("DP6: is refused the second time", async () => {
    const proof = bench.tokenProof(nonce);
    assert.equal((await send({ DPoP: proof })).outcome, ACCEPTED);
    assert.equal((await send({ DPoP: proof })).outcome, REFUSED);
  });

  it("DP6: is used up by a demand for a nonce, so the same jti is refused with the nonce", async () => {
    const claims = { jti: "0199-same" };
    assert.equal(
      (await send({ DPoP: bench.proof("POST", "/oauth/token", { claims }) })).outcome,
      "400 use_dpop_nonce",
    );
    assert.equal(await withChanges({ claims }), REFUSED);
  });

  it("DP7: without a nonce is answered with one, which is then accepted", async () => {
    const demand = await send({ DPoP: bench.proof("POST", "/oauth/token") });
    assert.deepEqual(
      [demand.status, demand.json],
      [
        400,
        { error: "use_dpop_nonce", error_description: "Authorization server requires nonce in DPoP proof" },
      ],
    );
    nonce = String(demand.headers["dpop-nonce"]);
    assert.equal(await withChanges({}), ACCEPTED);
  });

  it("DP7: asks for the nonce before it looks at method, URL and time", async () => {
    const claims = { htm: "PUT", htu: "https://elsewhere", iat: 0 };
    const { outcome } = await send({ DPoP: bench.proof("POST", "/oauth/token", { claims }) });
    assert.equal(outcome, "400 use_dpop_nonce");
  });

  it("DP8 to DP10 come before the nonce is judged", async () => {
    assert.equal(await withChanges({ claims: { htm: "PUT", nonce: "unknown" } }), REFUSED);
  });

  it("DP12: with an unknown nonce is answered with a fresh one", async () => {
    for (const wrong of ["unknown", 7]) {
      const answer = await send({ DPoP: bench.tokenProof(nonce, { claims: { nonce: wrong } }) });
      assert.equal(answer.outcome, "400 use_dpop_nonce");
      assert.equal(await withChanges({ claims: { nonce: answer.headers["dpop-nonce"] } }), ACCEPTED);
    }
  });

  it("DP12: a nonce is good for 300 s", async () => {
    bench.clock.advance(299_999);
    assert.equal(await withChanges({}), ACCEPTED);
    bench.clock.advance(1);
    assert.equal(await withChanges({}), "400 use_dpop_nonce");
  });

  it("names no nonce when the proof is bad", async () => {
    const { headers } = await send({ DPoP: bench.tokenProof(nonce, { claims: { htm: "PUT" } }) });
    assert.equal(headers["dpop-nonce"], undefined);
  });

  describe("with single-use nonces", () => {
    it("is refused when its nonce was used before", async () => {
      await bench.reopen({ nonceMode: "single-use" });
      nonce = (await bench.challenge()).nonce;
      assert.equal(await withChanges({}), ACCEPTED);
      assert.equal(await withChanges({}), "400 use_dpop_nonce");
    });
  });

  for (const [order, first] of Object.entries({
    "assertion-first": "401 invalid_client",
    "dpop-first": "400 use_dpop_nonce",
  })) {
    it(`${order}: an assertion and a proof that are both bad are answered ${first}`, async () => {
      await bench.reopen({ clientAuthOrder: order as "assertion-first" | "dpop-first" });
      const fields = { ...bench.clientFields({ claims: { aud: "elsewhere" } }), grant_type: EXCHANGE_GRANT };
      const answer = await bench.postForm("/oauth/token", fields, {
        DPoP: bench.proof("POST", "/oauth/token"),
      });
      assert.equal(answer.outcome, first);
    });
  }

  it("dpop-first: a demanded nonce leaves the client assertion unused; a missing proof is still refused", async () => {
    await bench.reopen({ clientAuthOrder: "dpop-first" });
    const fields = { ...bench.clientFields(), grant_type: FIDO2_GRANT, assertion: "x" };
    const demand = await bench.postForm("/oauth/token", fields, {
      DPoP: bench.proof("POST", "/oauth/token"),
    });
    assert.equal(demand.outcome, "400 use_dpop_nonce");
    const proof = bench.tokenProof(String(demand.headers["dpop-nonce"]));
    assert.equal((await bench.postForm("/oauth/token", fields, { DPoP: proof })).outcome, ACCEPTED);
    assert.equal((await send({})).outcome, "400 invalid_request");
  });
});

describe("DPoP proof at a protected endpoint of the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  let ath: string;
  beforeEach(async () => {
    token = await bench.accessToken();
    ath = createHash("sha256").update(token).digest("base64url");
  });

  const withChanges = (changes: JwsChanges) => {
    const claims = { ath, ...changes.claims };
    return bench.signed(AWS_PATH, { token, proof: bench.proof("GET", AWS_PATH, { ...changes, claims }) });
  };

  for (const [name, changes] of Object.entries(UNBROKEN)) {
    it(`is accepted ${name}`, async () => {
      const called = { method: "GET", url: bench.standIn.url + AWS_PATH };
      const { outcome } = await withChanges(changes(bench, called));
      assert.equal(outcome, "200");
    });
  }
  for (const [name, changes] of Object.entries(BROKEN)) {
    it(`is refused ${name}`, async () => {
      assert.equal((await withChanges(changes(bench))).outcome, "401 invalid_dpop_proof");
    });
  }

  it("says in WWW-Authenticate what was wrong", async () => {
    const { headers, json } = await withChanges({ claims: { htm: "PUT" } });
    assert.deepEqual(json, { code: "invalid_dpop_proof", message: "htm does not match" });
    assert.equal(
      headers["www-authenticate"],
      'DPoP error="invalid_dpop_proof",error_description="htm does not match",algs="ES256 PS256 EdDSA"',
    );
  });

  it("DP6: is refused the second time", async () => {
    const proof = bench.proof("GET", AWS_PATH, { claims: { ath } });
    assert.equal((await bench.signed(AWS_PATH, { token, proof })).outcome, "200");
    assert.equal((await bench.signed(AWS_PATH, { token, proof })).outcome, "401 invalid_dpop_proof");
  });

  it("DP7: needs no nonce; DP12: one that is sent must be known", async () => {
    const refused = await withChanges({ claims: { nonce: "unknown" } });
    assert.equal(refused.outcome, "401 use_dpop_nonce");
    const { outcome } = await withChanges({ claims: { nonce: refused.headers["dpop-nonce"] } });
    assert.equal(outcome, "200");
  });

  it("DP11: is refused without ath, or with another token's", async () => {
    for (const wrong of [undefined, createHash("sha256").update("x").digest("base64url")]) {
      assert.equal((await withChanges({ claims: { ath: wrong } })).outcome, "401 invalid_dpop_proof");
    }
  });

  it("DP13: is refused when another key made it", async () => {
    assert.equal((await withChanges({ key: makeHandKey() })).outcome, "401 invalid_token");
  });

  it("must be there", async () => {
    assert.equal(
      (await bench.signed(AWS_PATH, { token, proof: undefined })).outcome,
      "401 invalid_dpop_proof",
    );
  });
});
