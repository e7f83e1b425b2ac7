import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { ASSERTION_TYPE, FIDO2_GRANT, type JwsChanges, suiteBench } from "./bench.ts";
import { compactJws, encodeJson, es256, makeHandKey } from "./hand-jws.ts";

describe("private_key_jwt client assertion at the Vouch stand-in", () => {
  const bench = suiteBench();

  const outcomeOf = async (fields: Record<string, string | undefined>) =>
    (await bench.askChallenge(fields)).outcome;
  const withChanges = (changes: JwsChanges) => outcomeOf(bench.clientFields(changes));

  it("CA1: is refused beside Basic authentication or a secret", async () => {
    const basic = await bench.postForm("/oauth/fido2/challenge", bench.clientFields(), {
      Authorization: `Basic ${Buffer.from("a:b").toString("base64")}`,
    });
    assert.equal(basic.outcome, "400 invalid_request");
    assert.equal(await outcomeOf({ ...bench.clientFields(), client_secret: "s" }), "400 invalid_request");
  });

  it("CA2: is refused with another type, or none", async () => {
    for (const client_assertion_type of [`${ASSERTION_TYPE}x`, undefined]) {
      assert.equal(
        await outcomeOf({ ...bench.clientFields(), client_assertion_type }),
        "400 invalid_request",
      );
    }
  });

  describe("CA3: is refused when it", () => {
    const broken: Record<string, (good: string) => string> = {
      "has two parts": (good) => good.split(".").slice(0, 2).join("."),
      "has four parts": (good) => `${good}.AA`,
      "has a header that is no JSON": (good) =>
        good.replace(/^[^.]+/, Buffer.from("no").toString("base64url")),
      "has claims that are no JSON": (good) => good.replace(/\.[^.]+\./, ".bm8."),
      "has a header that is no base64url": (good) => `!${good}`,
      "has claims that are no base64url": (good) => good.replace(".", ".!"),
      "is padded": (good) => `${good}=`,
    };
    for (const [name, change] of Object.entries(broken)) {
      it(name, async () => {
        const client_assertion = change(bench.clientAssertion());
        assert.equal(await outcomeOf({ ...bench.clientFields(), client_assertion }), "401 invalid_client");
      });
    }

    it("has a crit header", async () => {
      assert.equal(await withChanges({ header: { crit: ["b64"] } }), "401 invalid_client");
    });

    it("carries a private key", async () => {
      const jwk = bench.key.privateKey.export({ format: "jwk" });
      assert.equal(await withChanges({ header: { jwk } }), "401 invalid_client");
      assert.equal(await withChanges({ header: { jwk: bench.key.jwk } }), "200");
    });
  });

  describe("CA4:", () => {
    it("is refused with alg none or HS256", async () => {
      for (const alg of ["none", "HS256"]) {
        assert.equal(await withChanges({ header: { alg } }), "401 invalid_client");
      }
    });
  });

  it("CA5: is refused when the body's client_id, iss and sub are not one", async () => {
    const client_id = "somebody";
    assert.equal(await outcomeOf({ ...bench.clientFields(), client_id }), "401 invalid_client");
    assert.equal(await outcomeOf({ ...bench.clientFields(), client_id: bench.clientId }), "200");
    assert.equal(await withChanges({ claims: { sub: "somebody" } }), "401 invalid_client");
    assert.equal(await withChanges({ claims: { iss: undefined, sub: undefined } }), "401 invalid_client");
  });

  it("CA6: is refused of a client that is unknown or inactive", async () => {
    assert.equal(await withChanges({ claims: { iss: "nobody", sub: "nobody" } }), "401 invalid_client");
    bench.standIn.deactivateClient(bench.clientId);
    assert.equal(await outcomeOf(bench.clientFields()), "401 invalid_client");
  });

  it("CA7: is refused of a client registered for another method", async () => {
    const other = { token_endpoint_auth_method: "client_secret_basic", dpop_bound_access_tokens: false };
    await bench.becomeClient(other);
    assert.equal(await outcomeOf(bench.clientFields()), "401 invalid_client");
  });

  it("CA8: is refused with an unknown or missing kid, another key, or another key's algorithm", async () => {
    const stranger = makeHandKey();
    assert.equal(await withChanges({ key: stranger }), "401 invalid_client");
    assert.equal(await withChanges({ header: { kid: undefined } }), "401 invalid_client");
    assert.equal(await withChanges({ signer: es256(stranger) }), "401 invalid_client");
    assert.equal(await withChanges({ header: { alg: "PS256" } }), "401 invalid_client");
  });

  it("CA8: is refused without a kid even when a registered key has none", async () => {
    const { kid: _, ...jwk } = bench.key.jwk;
    await bench.becomeClient({ jwks: { keys: [jwk] } });
    assert.equal(await withChanges({ header: { kid: undefined } }), "401 invalid_client");
  });

  it("CA8: is refused with a DER signature", async () => {
    const signer = (input: Buffer) => sign("sha256", input, bench.key.privateKey);
    assert.equal(await withChanges({ signer }), "401 invalid_client");
  });

  const times: Record<string, [(now: number) => object, string]> = {
    "CA9: expired 10 s ago is accepted": [(now) => ({ iat: now - 70, exp: now - 10 }), "200"],
    "CA9: expired 11 s ago is refused": [(now) => ({ iat: now - 71, exp: now - 11 }), "401 invalid_client"],
    "CA9: without exp is refused": [() => ({ exp: undefined }), "401 invalid_client"],
    "CA10: iat 10 s ahead is accepted": [(now) => ({ iat: now + 10, exp: now + 70 }), "200"],
    "CA10: iat 11 s ahead is refused": [(now) => ({ iat: now + 11, exp: now + 71 }), "401 invalid_client"],
    "CA10: nbf 10 s ahead is accepted": [(now) => ({ nbf: now + 10 }), "200"],
    "CA10: nbf 11 s ahead is refused": [(now) => ({ nbf: now + 11 }), "401 invalid_client"],
    "CA11: a life of 300 s is accepted": [(now) => ({ exp: now + 300 }), "200"],
    "CA11: a life of 301 s is refused": [(now) => ({ exp: now + 301 }), "401 invalid_client"],
    "CA11: without iat, 300 s to go are accepted": [(now) => ({ iat: undefined, exp: now + 300 }), "200"],
    "CA11: without iat, 301 s to go are refused": [
      (now) => ({ iat: undefined, exp: now + 301 }),
      "401 invalid_client",
    ],
  };
  for (const [name, [claims, outcome]] of Object.entries(times)) {
    it(name, async () => {
      assert.equal(await withChanges({ claims: claims(bench.now) }), outcome);
    });
  }

  const audiences: Record<string, (url: string) => unknown> = {
    "with a trailing slash": (url) => `${url}/`,
    "with a path": (url) => `${url}/oauth/fido2/challenge`,
    "in an array": (url) => [url],
    "in upper case": (url) => url.toUpperCase(),
    "that is missing": () => undefined,
  };
  for (const [name, aud] of Object.entries(audiences)) {
    it(`CA12: is refused for an audience ${name}`, async () => {
      assert.equal(await withChanges({ claims: { aud: aud(bench.standIn.url) } }), "401 invalid_client");
    });
  }

  it("CA13: is refused without jti, or with an empty one", async () => {
    for (const jti of [undefined, "", 7]) {
      assert.equal(await withChanges({ claims: { jti } }), "401 invalid_client");
    }
  });

  it("CA14: is refused the second time", async () => {
    const fields = bench.clientFields();
    assert.equal(await outcomeOf(fields), "200");
    assert.equal(await outcomeOf(fields), "401 invalid_client");
  });

  it("CA14: is refused the second time until nobody would take it for its time", async () => {
    const exp = bench.now + 60;
    const used = bench.clientFields({ claims: { exp } });
    const unused = bench.clientFields({ claims: { exp } });
    assert.equal(await outcomeOf(used), "200");
    bench.clock.advance(70_000);
    assert.equal(await outcomeOf(used), "401 invalid_client");
    assert.equal(await outcomeOf(unused), "200");
  });

  it("CA14: is refused at a second endpoint, whatever the first one said", async () => {
    const fields = bench.clientFields();
    const first = await bench.postForm("/oauth/token", {
      ...fields,
      grant_type: FIDO2_GRANT,
      assertion: "x",
    });
    assert.equal(first.outcome, "400 invalid_request");
    assert.equal(
      (await bench.postForm("/oauth/revoke", { ...fields, token: "t" })).outcome,
      "401 invalid_client",
    );
  });

  it("CA14: is not used up by a request that it did not authenticate", async () => {
    const jti = "0199-same";
    assert.equal(await withChanges({ claims: { jti, aud: "elsewhere" } }), "401 invalid_client");
    assert.equal(await withChanges({ claims: { jti } }), "200");
  });

  it("tells nobody which check failed", async () => {
    const answers = [
      await bench.askChallenge(bench.clientFields({ claims: { iss: "nobody", sub: "nobody" } })),
      await bench.askChallenge(bench.clientFields({ claims: { aud: "elsewhere" } })),
    ];
    const expected = { error: "invalid_client", error_description: "Client authentication failed" };
    assert.deepEqual(
      answers.map(({ json }) => json),
      [expected, expected],
    );
  });

  it("is refused as a JWS that only looks like one", async () => {
    const client_assertion = compactJws([], {}, () => Buffer.alloc(64));
    const emptied = `${encodeJson({})}.${encodeJson({})}.`;
    for (const one of [client_assertion, emptied, "a.b.c", "..", ""]) {
      assert.equal(await outcomeOf({ ...bench.clientFields(), client_assertion: one }), "401 invalid_client");
    }
  });
});
