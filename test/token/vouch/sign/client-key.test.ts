import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { clientAssertion, ensureClientKey, loadClientKey } from "../../../../token/vouch/sign/client-key.ts";
import { memoryKeyStore } from "../memory-key-store.ts";
import { RFC7515_KID, rfc7515Entry } from "../rfc7515-key.ts";
import { openToken } from "../signed-token.ts";

describe("the client key", () => {
  const hint = "Remove entry client-key from the key store; `kubectl vouch login` creates a new one.";

  it("has the fingerprint of the worked example", () => {
    const key = loadClientKey(memoryKeyStore({ "client-key": rfc7515Entry() }));
    assert.deepEqual(key?.publicJwk, {
      kty: "EC",
      crv: "P-256",
      x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      kid: RFC7515_KID,
    });
    assert.equal(key?.kid, RFC7515_KID);
  });

  it("is not made by loading", () => {
    const keyStore = memoryKeyStore();
    assert.equal(loadClientKey(keyStore), undefined);
    assert.deepEqual([...keyStore.entries], []);
  });

  it("is made once, and kept as a public JWK with the private key as PKCS#8 beside it", () => {
    const keyStore = memoryKeyStore();
    const made = ensureClientKey(keyStore);
    assert.deepEqual(ensureClientKey(keyStore).publicJwk, made.publicJwk);

    const { pkcs8, ...rest } = JSON.parse(keyStore.entries.get("client-key") ?? "");
    assert.deepEqual(rest, made.publicJwk);
    assert.equal(pkcs8, made.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64url"));
  });

  it("is the one that stayed when two logins made one each", () => {
    const keyStore = memoryKeyStore();
    const other = { ...keyStore, write: () => keyStore.write("client-key", rfc7515Entry()) };
    assert.equal(ensureClientKey(other).kid, RFC7515_KID);
  });

  it("is an error when the store loses it", () => {
    assert.throws(() => ensureClientKey({ ...memoryKeyStore(), write() {} }), {
      code: "key-store-failed",
      message: "This machine's client key in the key store could not be stored.",
    });
  });

  it("is refused when it does not match its fingerprint", () => {
    assert.throws(() => loadClientKey(memoryKeyStore({ "client-key": rfc7515Entry({ kid: "other" }) })), {
      code: "key-store-failed",
      message: "This machine's client key in the key store does not match its own fingerprint.",
      hint,
    });
  });

  const { privateKey: wrongCurve } = generateKeyPairSync("ec", { namedCurve: "P-384" });
  const damaged: Readonly<Record<string, string>> = {
    "no JSON": "CANARY",
    "no object": '"CANARY"',
    "nothing in it": "null",
    "no private key": rfc7515Entry({ pkcs8: undefined }),
    "a private key cut short": rfc7515Entry({ pkcs8: "CANARY" }),
    "another curve": rfc7515Entry({
      pkcs8: wrongCurve.export({ type: "pkcs8", format: "der" }).toString("base64url"),
    }),
  };
  for (const [what, text] of Object.entries(damaged)) {
    it(`is refused with ${what}, and not shown`, () => {
      const load = () => loadClientKey(memoryKeyStore({ "client-key": text }));
      assert.throws(load, (error: Error) => {
        assert.equal(error.message, "This machine's client key in the key store cannot be read.");
        assert.deepEqual({ ...error }, { name: "VouchError", code: "key-store-failed", hint });
        assert.equal(error.cause, undefined);
        return true;
      });
    });
  }
});

describe("clientAssertion", () => {
  it("has the header and claims of the protocol, and nothing else", async () => {
    const key = ensureClientKey(memoryKeyStore());
    const fields = await clientAssertion({
      key,
      clientId: "client-1",
      audience: "https://vouch.example.test",
      nowMs: 1_789_000_000_999,
      jti: "id-1",
    });

    const { client_assertion: token = "", ...rest } = fields;
    assert.deepEqual(rest, {
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
    assert.deepEqual(openToken(token, { ...key.publicJwk }), {
      header: { typ: "JWT", alg: "ES256", kid: key.kid },
      claims: {
        iss: "client-1",
        sub: "client-1",
        aud: "https://vouch.example.test",
        jti: "id-1",
        iat: 1_789_000_000,
        exp: 1_789_000_060,
      },
    });
  });
});
