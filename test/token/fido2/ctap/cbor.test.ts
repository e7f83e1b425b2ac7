import assert from "node:assert/strict";
import { bytesAt, decodeAnswer, encodeParameters, numberAt } from "../../../../token/fido2/ctap/cbor.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");

describe("CTAP2 CBOR", () => {
  // Keys in the order of CTAP2 canonical form, written out by hand: 01 0a 20 (-1) then text by length.
  it("sorts keys as CTAP2 wants them", () => {
    const map = new Map<unknown, unknown>([
      ["id", 1],
      [-1, 2],
      ["a", 3],
      [10, 4],
      [1, 5],
    ]);
    assert.equal(Buffer.from(encodeParameters(map)).toString("hex"), "a501050a042002616103626964" + "01");
  });

  it("takes an empty answer for an empty map", () => {
    assert.deepEqual(decodeAnswer(Buffer.alloc(0)), new Map());
  });

  it("takes undefined, which one emulator sends, for nothing", () => {
    assert.equal(numberAt(decodeAnswer(bytes("a105f7")), 5), undefined);
  });

  it("takes keys in any order, with which one emulator is free", () => {
    assert.deepEqual([...decodeAnswer(bytes("a202000100")).keys()], [2, 1]);
  });

  for (const [what, hex] of [
    ["bytes behind the map", "a1010200"],
    ["a duplicate key", "a201020103"],
    ["an indefinite length", "bf0102ff"],
    ["a number not in its shortest form", "a1011802"],
    ["a map that stops short", "a2010200"],
    ["something else than a map", "820102"],
    ["a tag", "a101c000"],
    ["not-a-number", "a101f97e00"],
    ["a whole number as a float", "a101f93c00"],
    ["a float not in its shortest form", "a101fb3ff8000000000000"],
    ["text that is no UTF-8", "a10161ff"],
    ["bytes for a key", "a101a1410100"],
    ["a list for a key", "a18001"],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => decodeAnswer(bytes(hex)), { code: "security-key-failed" });
    });
  }

  for (const [what, hex] of [
    ["a fraction", "a101f93e00"],
    ["a number below zero", "a10120"],
    ["a number beyond 2^53", "a1011bffffffffffffffff"],
  ] as const) {
    it(`takes ${what} for no count`, () => {
      assert.throws(() => numberAt(decodeAnswer(bytes(hex)), 1), { code: "security-key-failed" });
    });
  }

  it("refuses a member of the wrong type, and shows nothing of it", () => {
    assert.throws(() => bytesAt(decodeAnswer(bytes("a1016663616e617279")), 1), {
      code: "security-key-failed",
      message: "The security key's response is malformed.",
    });
  });
});
