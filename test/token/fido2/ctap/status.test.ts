import assert from "node:assert/strict";
import type { VouchError } from "../../../../token/errors/errors.ts";
import { CTAP_STATUS, CtapStatusError, keyError } from "../../../../token/fido2/ctap/status.ts";

const context = { keyName: "YubiKey 5", rpId: "vouch.example.test" };
const told = (status: number, act?: "registration") =>
  keyError(new CtapStatusError(status), act === undefined ? context : { ...context, act }) as VouchError;

const NOT_UNDERSTOOD = (status: string) =>
  `YubiKey 5 did not understand the login request (CTAP2 status ${status}).`;
const UNTOUCHED = "YubiKey 5 was not touched in time.";
const STALE = "YubiKey 5 revoked its own permission twice: another program is also using it.";

/** By status: the code, and what a person reads. Source: token/fido2/CTAP.md, "Status codes". */
const MESSAGES: readonly (readonly [status: number, code: string, message: string])[] = [
  [0x01, "security-key-unsupported", "YubiKey 5 is too old: it does not support FIDO2."],
  [0x02, "security-key-failed", NOT_UNDERSTOOD("0x02")],
  [0x03, "security-key-failed", NOT_UNDERSTOOD("0x03")],
  [0x05, "security-key-untouched", UNTOUCHED],
  [0x12, "security-key-failed", NOT_UNDERSTOOD("0x12")],
  [0x14, "security-key-failed", NOT_UNDERSTOOD("0x14")],
  [0x19, "security-key-enrolled", "YubiKey 5 is already registered for you with vouch.example.test."],
  [
    0x26,
    "security-key-unsupported",
    "YubiKey 5 does not support the signatures that the server accepts (ES256).",
  ],
  [0x27, "security-key-declined", "The login was declined on YubiKey 5."],
  [0x28, "security-key-full", "YubiKey 5 is full: it cannot store another credential."],
  [0x2b, "security-key-failed", NOT_UNDERSTOOD("0x2b")],
  [0x2c, "security-key-failed", NOT_UNDERSTOOD("0x2c")],
  [0x2d, "interrupted", "The login was interrupted."],
  [0x2e, "security-key-not-enrolled", "YubiKey 5 does not contain a credential for vouch.example.test."],
  [0x2f, "security-key-untouched", UNTOUCHED],
  [0x30, "security-key-failed", "YubiKey 5 stopped before everything was read from it."],
  [0x31, "pin-wrong", "The PIN is wrong."],
  [0x32, "pin-blocked", "The PIN of YubiKey 5 is permanently blocked: it was wrong too many times."],
  [0x33, "security-key-failed", STALE],
  [
    0x34,
    "pin-locked",
    "YubiKey 5 does not accept a PIN until it is plugged in again, because three in a row were wrong.",
  ],
  [0x35, "pin-missing", "YubiKey 5 does not have a PIN, but a login requires one."],
  [0x36, "security-key-failed", "YubiKey 5 requires a PIN or a fingerprint but accepted neither."],
  [0x37, "pin-unsuitable", "YubiKey 5 does not accept this PIN."],
  [0x38, "security-key-failed", STALE],
  [0x39, "security-key-failed", NOT_UNDERSTOOD("0x39")],
  [0x3a, "security-key-untouched", UNTOUCHED],
  [0x3b, "security-key-failed", NOT_UNDERSTOOD("0x3b")],
  [0x3c, "fingerprint-refused", "YubiKey 5 does not accept fingerprints anymore: too many were rejected."],
  [0x3e, "security-key-failed", NOT_UNDERSTOOD("0x3e")],
  [0x3f, "fingerprint-refused", "YubiKey 5 did not recognize the fingerprint."],
  [0x40, "security-key-failed", NOT_UNDERSTOOD("0x40")],
  [0x7f, "security-key-failed", "YubiKey 5 rejected the login (CTAP2 status 0x7f)."],
  [0xf2, "security-key-failed", "YubiKey 5 rejected the login (CTAP2 status 0xf2)."],
];

describe("a CTAP2 status", () => {
  for (const [status, code, message] of MESSAGES) {
    it(`0x${status.toString(16).padStart(2, "0")} is ${code}`, () => {
      const error = told(status);
      assert.deepEqual(
        { code: error.code, message: error.message, exit: error.exit },
        { code, message, exit: code === "interrupted" ? 130 : 3 },
      );
    });
  }

  it("has a message for each name that we know", () => {
    const named = MESSAGES.map(([status]) => status);
    assert.deepEqual(
      Object.values(CTAP_STATUS).filter((status) => !named.includes(status)),
      [CTAP_STATUS.ok],
    );
  });

  it("that is our own fault says so, and how to report it", () => {
    assert.equal(
      told(0x12).hint,
      "This is a bug in kubectl-vouch. Report it with what `kubectl vouch login --debug` prints; it does not contain the PIN.",
    );
  });

  it("never sends who registers a key to a login", () => {
    const own = [0x12, 0x30, 0x33, 0x3c];
    for (const status of own) {
      assert.match(told(status).hint, /`kubectl vouch login(?: --debug)?`/);
      assert.match(told(status, "registration").hint, /`kubectl vouch keys add(?: --debug)?`/);
    }
  });

  for (const [status, message] of [
    [0x27, "The registration was declined on YubiKey 5."],
    [0x2d, "The registration was interrupted."],
    [0x35, "YubiKey 5 does not have a PIN, but a registration requires one."],
    [0xf2, "YubiKey 5 rejected the registration (CTAP2 status 0xf2)."],
  ] as const) {
    it(`0x${status.toString(16)} is told of a registration`, () => {
      assert.equal(told(status, "registration").message, message);
    });
  }
});
