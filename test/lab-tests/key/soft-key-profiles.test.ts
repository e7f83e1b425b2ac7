import assert from "node:assert/strict";
import { encode } from "cborg";
import {
  SOFT_KEY_PROFILES,
  YUBIKEY_5_2_6,
  YUBIKEY_5_4_3,
  YUBIKEY_5_4_3_U2F_OFF,
  YUBIKEY_5_7_1,
  YUBIKEY_5_8,
  YUBIKEY_BIO_5_6_4,
} from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { RawClient, RP_ID } from "./raw-client.ts";

const told = async (client: RawClient) => (await client.send(0x04)).map;
const optionsOf = (map: ReadonlyMap<unknown, unknown>) => map.get(4) as ReadonlyMap<string, boolean>;

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

  it("comes from as many different keys as there are profiles", async () => {
    const answers = await Promise.all(
      SOFT_KEY_PROFILES.map(async (profile) => encode(await told(new RawClient({ profile })))),
    );
    assert.equal(new Set(answers.map((bytes) => Buffer.from(bytes).toString("hex"))).size, 7);
    assert.equal(new Set(SOFT_KEY_PROFILES.map(({ name }) => name)).size, 7);
  });

  // Source: token/fido2/CTAP.md, "Yubico's keys".
  it("says which keys give tokens with permissions, and which read fingers", async () => {
    const having = async (option: string) => {
      const answers = SOFT_KEY_PROFILES.map(async (profile) =>
        optionsOf(await told(new RawClient({ profile }))).get(option) === true
          ? [profile.firmware.join(".")]
          : [],
      );
      return (await Promise.all(answers)).flat();
    };
    assert.deepEqual(await having("pinUvAuthToken"), ["5.6.4", "5.7.1", "5.2.1"]);
    assert.deepEqual(await having("uv"), ["5.6.4"]);
    assert.deepEqual(await having("alwaysUv"), ["5.6.4"]);
  });

  it("as a 5.8 knows CTAP 2.3 and takes longer messages", async () => {
    const map = await told(new RawClient({ profile: YUBIKEY_5_8 }));
    assert.deepEqual([(map.get(1) as string[]).at(-1), map.get(5)], ["FIDO_2_3", 1536]);
  });

  it("tells whether a PIN is set and whether it must be changed", async () => {
    const change = (state: SoftKeyState) => Object.assign(state, { pinHash: null, forcePinChange: true });
    const map = await told(new RawClient({ profile: YUBIKEY_5_7_1, change }));
    assert.deepEqual([optionsOf(map).get("clientPin"), map.get(0x0c)], [false, true]);
  });

  it("tells how many credentials still fit", async () => {
    const change = (state: SoftKeyState) => {
      state.credentials = [];
      enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, 2), userName: "grace" });
      const named = { userHandle: Buffer.alloc(16, 3), userName: "alan", discoverable: false };
      enrolCredential(state, { rpId: RP_ID, ...named });
    };
    for (const [profile, left] of [
      [YUBIKEY_BIO_5_6_4, 21],
      [YUBIKEY_5_7_1, 99],
      [YUBIKEY_5_4_3, undefined],
    ] as const) {
      assert.equal((await told(new RawClient({ profile, change }))).get(0x14), left);
    }
  });
});
