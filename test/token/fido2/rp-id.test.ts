import assert from "node:assert/strict";
import { checkRpId } from "../../../token/fido2/rp-id.ts";

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
  ] as const) {
    it(`may be ${rpId} at ${host}`, () => {
      checkRpId(rpId, host);
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
    ["", "vouch.example.com"],
    ["", ""],
  ] as const) {
    it(`may not be ${JSON.stringify(rpId)} at ${JSON.stringify(host)}`, () => {
      assert.throws(() => checkRpId(rpId, host), { code: "rp-id-mismatch" });
    });
  }

  it("is shown harmlessly when it is not", () => {
    assert.throws(() => checkRpId("evil\u001b[2J", "vouch.example.com"), {
      message:
        'The server at vouch.example.com asks for a credential of "evil\\u001b[2J", which is not its own name.',
    });
  });
});
