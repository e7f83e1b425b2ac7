import assert from "node:assert/strict";
import { clientAssertion } from "../../../token/vouch/client-assertion.ts";
import { ensureClientKey } from "../../../token/vouch/client-key.ts";
import { memoryKeyStore } from "./memory-key-store.ts";
import { openToken } from "./signed-token.ts";

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
