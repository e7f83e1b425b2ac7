import assert from "node:assert/strict";
import { CtapStatusError, statusError } from "../../../token/fido2/ctap-status.ts";

const context = { keyName: "YubiKey 5", rpId: "vouch.example.test" };

describe("a CTAP2 status", () => {
  // Source: token/fido2/CTAP.md, "Status codes".
  for (const [status, code, exit] of [
    [0x01, "security-key-unsupported", 3],
    [0x02, "security-key-failed", 3],
    [0x05, "security-key-untouched", 3],
    [0x19, "security-key-enrolled", 3],
    [0x26, "security-key-unsupported", 3],
    [0x27, "security-key-declined", 3],
    [0x28, "security-key-full", 3],
    [0x2d, "interrupted", 130],
    [0x2e, "security-key-not-enrolled", 3],
    [0x2f, "security-key-untouched", 3],
    [0x3a, "security-key-untouched", 3],
    [0x31, "pin-wrong", 3],
    [0x32, "pin-blocked", 3],
    [0x34, "pin-locked", 3],
    [0x35, "pin-missing", 3],
    [0x37, "pin-unsuitable", 3],
    [0x7f, "security-key-failed", 3],
    [0xf2, "security-key-failed", 3],
  ] as const) {
    it(`0x${status.toString(16).padStart(2, "0")} is ${code}`, () => {
      const error = statusError(new CtapStatusError(status), context);
      assert.deepEqual({ code: error.code, exit: error.exit }, { code, exit });
    });
  }

  it("that nobody expects is shown with its number", () => {
    assert.equal(
      statusError(new CtapStatusError(0xf2), context).message,
      "YubiKey 5 refused the login (CTAP2 status 0xf2).",
    );
  });

  for (const [status, message] of [
    [0x27, "The registration was declined on YubiKey 5."],
    [0x2d, "The registration was interrupted."],
    [0xf2, "YubiKey 5 refused the registration (CTAP2 status 0xf2)."],
  ] as const) {
    it(`0x${status.toString(16)} is told of a registration`, () => {
      const error = statusError(new CtapStatusError(status), { ...context, act: "registration" });
      assert.equal(error.message, message);
    });
  }

  it("for a key that is not enrolled names the server", () => {
    assert.equal(
      statusError(new CtapStatusError(0x2e), context).message,
      "YubiKey 5 holds no credential for vouch.example.test.",
    );
  });
});
