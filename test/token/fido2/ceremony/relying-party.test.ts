import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { checkRpId, clientData, creationClientData } from "../../../../token/fido2/ceremony/relying-party.ts";

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

describe("the RP ID of a server", () => {
  for (const [rpId, host] of [
    ["vouch.example.com", "vouch.example.com"],
    ["example.com", "vouch.example.com"],
    ["vouch.sh", "us.vouch.sh"],
    ["example.co.uk", "vouch.example.co.uk"],
    ["web.de", "vouch.web.de"],
    ["localhost", "localhost"],
    ["intranet", "intranet"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["xn--bcher-kva.example", "login.xn--bcher-kva.example"],
    ["example.internal", "vouch.example.internal"],
    ["ada.github.io", "vouch.ada.github.io"],
    ["acme.appspot.com", "vouch.acme.appspot.com"],
    ["www.ck", "vouch.www.ck"],
    ["acme.example.ck", "vouch.acme.example.ck"],
    ["city.kawasaki.jp", "vouch.city.kawasaki.jp"],
    ["acme.xn--o1ach.xn--90a3ac", "vouch.acme.xn--o1ach.xn--90a3ac"],
  ] as const) {
    it(`may be ${rpId} at ${host}`, async () => {
      await checkRpId(rpId, host);
    });
  }

  for (const [rpId, host] of [
    ["other.example", "vouch.example.com"],
    ["vouch.example.com", "example.com"],
    ["xample.com", "vouch.example.com"],
    ["com", "vouch.example.com"],
    ["localhost", "vouch.localhost"],
    ["co.uk", "vouch.co.uk"],
    ["com.au", "vouch.example.com.au"],
    ["0.0.1", "127.0.0.1"],
    ["1", "127.0.0.1"],
    ["Example.com", "vouch.Example.com"],
    [".example.com", "vouch..example.com"],
    ["example.com.", "vouch.example.com."],
    ["VOUCH.example.com", "vouch.example.com"],
    ["vouch.example.com.", "vouch.example.com"],
    ["example.com", "vouch.example.com."],
    ["b\u00fccher.example", "login.xn--bcher-kva.example"],
    ["intranet", "vouch.intranet"],
    ["168.0.1", "192.168.0.1"],
    ["[::1]", "x.[::1]"],
    ["appspot.com", "acme.appspot.com"],
    ["github.io", "ada.github.io"],
    ["example.ck", "vouch.example.ck"],
    ["ck", "vouch.ck"],
    ["kawasaki.jp", "vouch.kawasaki.jp"],
    ["acme.kawasaki.jp", "vouch.acme.kawasaki.jp"],
    ["s3.amazonaws.com", "acme.s3.amazonaws.com"],
    ["eu-west-1.elasticbeanstalk.com", "acme.eu-west-1.elasticbeanstalk.com"],
    ["xn--o1ach.xn--90a3ac", "acme.xn--o1ach.xn--90a3ac"],
    ["xn--55qx5d.cn", "acme.xn--55qx5d.cn"],
    ["", "vouch.example.com"],
    ["", ""],
  ] as const) {
    it(`may not be ${JSON.stringify(rpId)} at ${JSON.stringify(host)}`, async () => {
      await assert.rejects(checkRpId(rpId, host), { code: "rp-id-mismatch" });
    });
  }

  it("is shown harmlessly when it is not", async () => {
    await assert.rejects(checkRpId("evil\u001b[2J", "vouch.example.com"), {
      message:
        'The server at vouch.example.com requests a credential for "evil\\u001b[2J", which is not its own domain.',
    });
  });
});
