import assert from "node:assert/strict";
import { createECDH, createHmac } from "node:crypto";
import { Parameters } from "../../lab/key/soft-cbor.ts";
import { authentic, seal, softSecret, unseal } from "../../lab/key/soft-pin-crypto.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

/** Keys and values: see test/token/fido2/pin-uv.test.ts. The shared secret of protocol two is whole here. */
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
