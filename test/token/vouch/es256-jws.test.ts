import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { loadClientKey } from "../../../token/vouch/client-key.ts";
import { es256Jws } from "../../../token/vouch/es256-jws.ts";
import { memoryKeyStore } from "./memory-key-store.ts";
import { rfc7515Entry } from "./rfc7515-key.ts";
import { openToken } from "./signed-token.ts";

const key = loadClientKey(memoryKeyStore({ "client-key": rfc7515Entry() }));

describe("es256Jws", () => {
  it("makes a compact token whose signature is r||s", () => {
    assert.ok(key);
    const token = es256Jws({ alg: "ES256" }, { name: "Zoë" }, key.privateKey);
    assert.deepEqual(openToken(token, { ...key.publicJwk }), {
      header: { alg: "ES256" },
      claims: { name: "Zoë" },
    });
  });

  it("agrees with the signature of RFC 7515, appendix A.3, on what is signed", () => {
    assert.ok(key);
    const token =
      "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    assert.deepEqual(openToken(token, { ...key.publicJwk }).header, { alg: "ES256" });
    assert.equal(es256Jws({ alg: "ES256" }, {}, key.privateKey).split(".")[0], token.split(".")[0]);
  });

  it("does not make DER, which a JWS verifier refuses", () => {
    assert.ok(key);
    const [header, claims, signature = ""] = es256Jws({ alg: "ES256" }, {}, key.privateKey).split(".");
    const der = { key: createPublicKey(key.privateKey), dsaEncoding: "der" } as const;
    const signed = Buffer.from(`${header}.${claims}`);
    assert.equal(verify("sha256", signed, der, Buffer.from(signature, "base64url")), false);
  });
});
