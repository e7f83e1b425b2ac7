import assert from "node:assert/strict";
import { encode } from "cborg";
import { YUBIKEY_5_2_6, YUBIKEY_5_4_3, YUBIKEY_5_4_3_U2F_OFF } from "../../lab/key/soft-key-profiles.ts";
import { RawClient } from "./raw-client.ts";

const told = async (client: RawClient) => (await client.send(0x04)).map;

describe("getInfo of the software security key", () => {
  // Source: token/fido2/CTAP.md, "Yubico's keys": 203 bytes.
  it("as a YubiKey 5.4.3 has the published bytes", async () => {
    const map = await told(new RawClient({ profile: YUBIKEY_5_4_3 }));
    assert.equal(
      Buffer.from(encode(map)).toString("hex"),
      "ac0183665532465f5632684649444f5f325f306c4649444f5f325f315f50524502826b6372656450726f746563746b686d61632d73656372657403502fc0579f811347eab116bb5a8db9202a04a562726bf5627570f564706c6174f469636c69656e7450696ef57563726564656e7469616c4d676d7450726576696577f5051904b00682020107080818800982636e6663637573620a82a263616c672664747970656a7075626c69632d6b6579a263616c672764747970656a7075626c69632d6b65790d040e1a00050403",
    );
  });

  // Source: token/fido2/CTAP.md, "Yubico's keys": lengths with the status byte.
  for (const [profile, members, bytes] of [
    [YUBIKEY_5_2_6, 10, 195],
    [YUBIKEY_5_4_3, 12, 203 + 1],
    [YUBIKEY_5_4_3_U2F_OFF, 12, 193],
  ] as const) {
    it(`has the observed length: ${profile.name}`, async () => {
      const map = await told(new RawClient({ profile }));
      assert.deepEqual({ members: map.size, bytes: encode(map).length + 1 }, { members, bytes });
    });
  }
});
