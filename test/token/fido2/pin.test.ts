import assert from "node:assert/strict";
import { pinHash, pinLengthProblem } from "../../../token/fido2/pin.ts";

describe("a PIN", () => {
  // SHA-256("1234") begins so: Yubico/yubikit-android, PinAuthCryptoUtilTest.java.
  it("stands on the wire as the first half of its SHA-256", () => {
    assert.equal(pinHash("1234").toString("hex"), "03ac674216f3e15c761ee1a5e255f067");
  });

  it("is the same PIN however the accent was typed", () => {
    assert.deepEqual(pinHash("caf\u0065\u0301"), pinHash("caf\u00e9"));
  });

  for (const [pin, least, problem] of [
    ["123", 4, "too-short"],
    ["1234", 4, undefined],
    ["12345", 6, "too-short"],
    // Four code points, eight UTF-16 units.
    ["🗝️🗝️", 4, undefined],
    ["🔑🔑🔑", 4, "too-short"],
    // e + combining accent is one code point once normalised.
    ["abce\u0301", 5, "too-short"],
    ["x".repeat(63), 4, undefined],
    ["x".repeat(64), 4, "too-long"],
    ["é".repeat(31), 4, undefined],
    ["é".repeat(32), 4, "too-long"],
  ] as const) {
    it(`of ${[...pin].length} characters and ${Buffer.byteLength(pin)} bytes, where ${least} are wanted, is ${problem ?? "possible"}`, () => {
      assert.equal(pinLengthProblem(pin, least), problem);
    });
  }
});
