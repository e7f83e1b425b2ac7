import assert from "node:assert/strict";
import { isFidoDescriptor } from "../../../../token/fido2/hid/security-keys.ts";

// Source: token/fido2/CTAP.md, "Devices": the FIDO and the keyboard interface of one key.
const FIDO = "06d0f10901a1010920150026ff007508954081020921150026ff00750895409102c0";
const KEYBOARD =
  "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0";

describe("a HID report descriptor", () => {
  for (const [what, hex, expected] of [
    ["of a FIDO key is one", FIDO, true],
    ["with another collection before it is one", KEYBOARD + FIDO, true],
    ["with a long item before it is one", `fe0210aabb${FIDO}`, true],
    ["with the usage in two bytes is one", FIDO.replace("0901", "0a0100"), true],
    ["of a keyboard is none", KEYBOARD, false],
    ["of another FIDO usage is none", FIDO.replace("0901", "0902"), false],
    ["with the usage inside another collection is none", `05010906a101${FIDO}c0`, false],
    ["that is empty is none", "", false],
    ["that stops in the middle is none", "06d0", false],
  ] as const) {
    it(`${what}`, () => {
      assert.equal(isFidoDescriptor(Buffer.from(hex, "hex")), expected);
    });
  }
});
