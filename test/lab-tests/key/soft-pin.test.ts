import assert from "node:assert/strict";
import { createECDH, createHmac } from "node:crypto";
import { Parameters } from "../../lab/key/soft-cbor.ts";
import { YUBIKEY_5_7_1 } from "../../lab/key/soft-key-profiles.ts";
import { softPinHash } from "../../lab/key/soft-key-state.ts";
import {
  authentic,
  newKeyAgreement,
  publicHalf,
  type SoftSecret,
  seal,
  softSecret,
  unseal,
} from "../../lab/key/soft-pin-crypto.ts";
import { PIN, RawClient } from "./raw-client.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

/** Pads a PIN as a platform does. Source: token/fido2/CTAP.md, "PIN rules". */
const padded = (pin: string) => Buffer.concat([Buffer.from(pin), Buffer.alloc(64)]).subarray(0, 64);
const proof = ({ version, macKey }: SoftSecret, message: Uint8Array) =>
  createHmac("sha256", macKey)
    .update(message)
    .digest()
    .subarray(0, version === 1 ? 16 : 32);

/** The platform's side of setPIN and changePIN, with the key's own crypto, which the vectors below judge. */
async function newPinRequest(
  client: RawClient,
  {
    pin,
    oldPin,
    pad = padded,
  }: { readonly pin: string; readonly oldPin?: string; readonly pad?: typeof padded },
) {
  const { parameters } = await client.vouchRequest(5, oldPin ?? PIN);
  const ours = newKeyAgreement();
  const theirs = (
    await client.send(
      0x06,
      new Map([
        [1, client.protocol.version],
        [2, 2],
      ]),
    )
  ).map.get(1);
  const secret = softSecret(client.protocol.version, ours, new Parameters(theirs as Map<unknown, unknown>));
  const newPinEnc = seal(secret, pad(pin));
  const pinHashEnc = seal(secret, bytes("03ac674216f3e15c761ee1a5e255f067"));
  const changing = oldPin !== undefined;
  const message = changing ? Buffer.concat([newPinEnc, pinHashEnc]) : newPinEnc;
  parameters
    .set(2, changing ? 4 : 3)
    .set(3, publicHalf(ours))
    .set(4, proof(secret, message))
    .set(5, newPinEnc);
  if (changing) parameters.set(6, pinHashEnc);
  else parameters.delete(6);
  return parameters;
}

const unset = { pinHash: null, forcePinChange: true };

describe("the PIN of a software security key", () => {
  it("is not changed by a request with a wrong proof, which costs no try", async () => {
    const client = new RawClient({
      profile: YUBIKEY_5_7_1,
      change: (state) => Object.assign(state, { pinHash: softPinHash(Buffer.from("1234")) }),
    });
    const parameters = await newPinRequest(client, { pin: PIN, oldPin: "1234" });
    assert.equal(await client.status(0x06, parameters.set(4, Buffer.alloc(32))), 0x33);
    assert.deepEqual([await client.tryPin("1234", 9), client.state.pinRetries], [0, 8]);
  });

  it("that is not set gives no token", async () => {
    const client = new RawClient({
      profile: YUBIKEY_5_7_1,
      change: (state) => Object.assign(state, { pinHash: null }),
    });
    assert.deepEqual([await client.tryPin(PIN, 5), await client.tryPin(PIN, 9)], [0x35, 0x35]);
  });

  it("takes the token of the old one with it", async () => {
    const client = new RawClient({
      profile: YUBIKEY_5_7_1,
      change: (state) => Object.assign(state, { pinHash: softPinHash(Buffer.from("1234")) }),
    });
    const token = await client.token(9, [], "1234");
    const look = client.assertionRequest(token, [[5, new Map([["up", false]])]]);
    assert.equal(await client.status(0x02, look), 0);
    assert.equal(await client.status(0x06, await newPinRequest(client, { pin: PIN, oldPin: "1234" })), 0);
    assert.equal(await client.status(0x02, look), 0x33);
  });

  it("has the length that the key asks for", async () => {
    const profile = { ...YUBIKEY_5_7_1, more: new Map([...YUBIKEY_5_7_1.more, [0x0d, 6]]) };
    const client = new RawClient({ profile, change: (state) => Object.assign(state, unset) });
    assert.equal(await client.status(0x06, await newPinRequest(client, { pin: "12345" })), 0x37);
    assert.equal(await client.status(0x06, await newPinRequest(client, { pin: "123456" })), 0);
  });

  it("is not set when it is not padded to 64 bytes", async () => {
    const client = new RawClient({ profile: YUBIKEY_5_7_1, change: (state) => Object.assign(state, unset) });
    const pad = (pin: string) => padded(pin).subarray(0, 32);
    assert.equal(await client.status(0x06, await newPinRequest(client, { pin: "1234", pad })), 0x02);
    assert.equal(client.state.pinHash, null);
  });

  for (const [what, pin, change, status] of [
    ["too short", "123", [], 0x37],
    ["of 64 bytes", "x".repeat(64), [], 0x37],
    ["with a wrong proof", "1234", [[4, Buffer.alloc(32)]], 0x33],
    ["without a proof", "1234", [[4, undefined]], 0x14],
    ["of which nothing is sent", "1234", [[5, undefined]], 0x14],
  ] as const) {
    it(`is not set when it comes ${what}`, async () => {
      const client = new RawClient({
        profile: YUBIKEY_5_7_1,
        change: (state) => Object.assign(state, unset),
      });
      const parameters = await newPinRequest(client, { pin });
      for (const [member, value] of change) {
        if (value === undefined) parameters.delete(member);
        else parameters.set(member, value);
      }
      assert.deepEqual([await client.status(0x06, parameters), client.state.pinHash], [status, null]);
    });
  }
});

/** Keys and values: see test/token/fido2/pin/pin-protocol.test.ts. The shared secret of protocol two is whole here. */
describe("the PIN crypto of a software security key", () => {
  const ours = createECDH("prime256v1");
  ours.setPrivateKey(bytes("7452e599fee739d8a653f6a507343d12d382249108a651402520b72f24fe7684"));
  const theirs = new Parameters(
    new Map<number, unknown>([
      [1, 2],
      [3, -25],
      [-1, 1],
      [-2, bytes("0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168")],
      [-3, bytes("d551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47")],
    ]),
  );
  const one = "c42a039d548100dfba521e487debcbbb8b66bb7496f8b1862a7a395ed83e1a1c";

  for (const [version, macKey, aesKey, sealed] of [
    [1, one, one, "e5f19141f64bf886d74b6f4d9c3e4520e9f257c33260d4dcf5b7c2b01bd99fd0"],
    [
      2,
      "65ef955dd8cfcacab489ad582d64b872299cec1970aeffb10c90b9d9f4b4f1a7",
      "46cc03964825ccbaf159fde1958b2063871bd5b66ecf28972eaac583214a22d8",
      "000102030405060708090a0b0c0d0e0f25d38170e84a14410d23a37ca10d175b112c2c1663fd172f26fff2f6f2910121",
    ],
  ] as const) {
    it(`agrees with the vectors of protocol ${version}`, () => {
      const secret = softSecret(version, ours, theirs);
      assert.deepEqual(secret, { version, macKey: bytes(macKey), aesKey: bytes(aesKey) });
      const token = bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
      assert.deepEqual(unseal(secret, bytes(sealed), 32), token);
      assert.deepEqual(unseal(secret, seal(secret, token), 32), token);
    });
  }

  it("takes a proof in its whole length only", () => {
    const whole = createHmac("sha256", "key").update("message").digest();
    const judged = (version: number, length: number) =>
      authentic(version, Buffer.from("key"), Buffer.from("message"), whole.subarray(0, length));
    assert.deepEqual(
      [judged(1, 16), judged(1, 32), judged(2, 16), judged(2, 32)],
      [true, false, false, true],
    );
  });
});
