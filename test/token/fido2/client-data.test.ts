import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { clientData, creationClientData } from "../../../token/fido2/client-data.ts";

describe("client data", () => {
  // Source: token/vouch/VOUCH-PROTOCOL.md, "Worked example".
  it("has the bytes and the hash of the worked example", () => {
    const bytes = clientData({
      rpId: "vouch.example.test",
      challenge: Buffer.alloc(32, 0x07).toString("base64url"),
    });
    assert.equal(
      bytes.toString(),
      '{"type":"webauthn.get","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://vouch.example.test","crossOrigin":false}',
    );
    assert.equal(bytes.length, 139);
    assert.equal(
      createHash("sha256").update(bytes).digest("hex"),
      "2e07749da5a075dda613ca6219929fa6a295b3914a3dd3927faba12c59c9e72d",
    );
  });

  it("of a registration has the server's address for its origin", () => {
    const bytes = creationClientData({
      origin: "https://localhost:8443",
      challenge: Buffer.alloc(32, 0x07).toString("base64url"),
    });
    assert.equal(
      bytes.toString(),
      '{"type":"webauthn.create","challenge":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc","origin":"https://localhost:8443","crossOrigin":false}',
    );
  });

  for (const challenge of [
    "",
    "short",
    "a".repeat(257),
    `${"a".repeat(40)}=`,
    `${"a".repeat(40)}","origin":"`,
  ]) {
    it(`refuses the challenge ${JSON.stringify(challenge.slice(-16))} of ${challenge.length} characters`, () => {
      assert.throws(() => clientData({ rpId: "vouch.example.test", challenge }), {
        code: "server-answer-invalid",
      });
    });
  }
});
