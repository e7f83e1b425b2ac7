import assert from "node:assert/strict";
import {
  knowsCtap21,
  SOFT_KEY_PROFILES,
  YUBIKEY_5_7_1,
  YUBIKEY_BIO_5_6_4,
} from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential, type SoftKeyState } from "../../lab/key/soft-key-state.ts";
import { RawClient, type RawOptions, RP_ID } from "./raw-client.ts";

const modern = (more: Partial<RawOptions> = {}) => new RawClient({ profile: YUBIKEY_5_7_1, ...more });
const noTouch = () => assert.fail("a touch was waited for");
const SILENT = [5, new Map([["up", false]])] as const;
const OWN = Buffer.alloc(16, 1);

/** The key's one credential, protected. */
function protectedBy(protection: number) {
  return (state: SoftKeyState) => {
    state.credentials = [];
    enrolCredential(state, { rpId: RP_ID, userHandle: OWN, userName: "ada", protection });
  };
}

function allowed({ state }: RawClient): readonly [number, unknown] {
  const id = Buffer.from(state.credentials[0]?.credentialId ?? "", "base64url");
  return [3, [{ id, type: "public-key" }]];
}

describe("what the software security key does without a PIN or a touch", () => {
  // Source: token/fido2/CTAP.md, "makeCredential".
  for (const [protection, unnamed, named] of [
    [1, 0, 0],
    [2, 0x2e, 0],
    [3, 0x2e, 0x2e],
  ] as const) {
    it(`it looks for a credential of level ${protection} silently`, async () => {
      const client = modern({ touch: noTouch, change: protectedBy(protection) });
      const look = (...more: (readonly [number, unknown])[]) =>
        client.status(0x02, client.assertionRequest(undefined, [SILENT, ...more]));
      assert.deepEqual([await look(), await look(allowed(client))], [unnamed, named]);

      const proven = modern({ touch: noTouch, change: protectedBy(protection) });
      const request = proven.assertionRequest(await proven.token(9), [SILENT, allowed(proven)]);
      assert.equal(await proven.status(0x02, request), 0);
    });
  }

  it("it leaves both flags out of a silent answer", async () => {
    const client = modern({ touch: noTouch });
    const { map } = await client.send(0x02, client.assertionRequest(undefined, [SILENT]));
    assert.equal((map.get(2) as Uint8Array)[32], 0);
  });

  for (const profile of [
    YUBIKEY_BIO_5_6_4,
    { ...YUBIKEY_5_7_1, name: "5.7.1 with alwaysUv", options: { ...YUBIKEY_5_7_1.options, alwaysUv: true } },
  ]) {
    it(`it does not look silently when it always wants the person: ${profile.name}`, async () => {
      const client = new RawClient({ profile, touch: noTouch });
      assert.equal(await client.status(0x02, client.assertionRequest(undefined, [SILENT])), 0x36);
      const proven = client.assertionRequest(await client.token(9), [SILENT]);
      assert.equal(await client.status(0x02, proven), 0);
    });
  }
});

describe("how a person picks a software security key", () => {
  for (const profile of SOFT_KEY_PROFILES) {
    it(`with authenticatorSelection, where there is CTAP 2.1: ${profile.name}`, async () => {
      let touches = 0;
      const client = new RawClient({
        profile,
        touch: async () => {
          touches += 1;
          return "touched";
        },
      });
      const expected = knowsCtap21(profile) ? [0, 1] : [0x01, 0];
      assert.deepEqual([await client.status(0x0b), touches], expected);
    });

    for (const [command, member] of [
      [0x01, 8],
      [0x02, 6],
    ] as const) {
      it(`with an empty proof for command ${command}, before anything else: ${profile.name}`, async () => {
        let touches = 0;
        const touch: RawOptions["touch"] = async () => {
          touches += 1;
          return "touched";
        };
        const empty = new Map([[member, new Uint8Array()]]);
        const client = new RawClient({ profile, touch });
        assert.deepEqual([await client.status(command, empty), touches], [0x31, 1]);
        const change = (state: SoftKeyState) => Object.assign(state, { pinHash: null });
        const unset = new RawClient({ profile, touch, change });
        assert.deepEqual([await unset.status(command, empty), touches], [0x35, 2]);
        assert.equal(client.state.pinRetries, 8);
      });
    }
  }

  for (const [touch, status] of [
    ["declined", 0x27],
    ["timeout", 0x3a],
  ] as const) {
    it(`by another one, when this one is ${touch}: 0x${status.toString(16)}`, async () => {
      const client = modern({ touch: async () => touch });
      assert.equal(await client.status(0x0b), status);
    });
  }
});
