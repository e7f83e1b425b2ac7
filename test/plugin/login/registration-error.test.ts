import assert from "node:assert/strict";
import { registrationError } from "../../../plugin/login/add-key.ts";
import { ERRORS } from "../../../token/errors/error-table.ts";
import { type ErrorCode, VouchError } from "../../../token/errors/errors.ts";

const told = (error: unknown) => {
  const changed = registrationError(error);
  assert.ok(changed instanceof VouchError);
  return changed;
};

describe("an error of a registration", () => {
  it("of a security key never sends one to a login that would not register it", () => {
    const codes = (Object.keys(ERRORS) as ErrorCode[]).filter((code) =>
      /^(?:security-key|pin|fingerprint)-/.test(code),
    );
    const toLogin = codes.filter((code) =>
      told(new VouchError(code, "It failed.")).hint.includes("`kubectl vouch login`"),
    );
    // Whoever has a registered key can log in with it.
    assert.deepEqual(toLogin, ["security-key-enrolled"]);
  });

  it("keeps its code, its message, and advice of its own", () => {
    const { code, message, hint } = told(new VouchError("pin-wrong", "The PIN is wrong."));
    assert.deepEqual(
      [code, message, hint],
      ["pin-wrong", "The PIN is wrong.", "Run `kubectl vouch keys add` and type the PIN again."],
    );
    const own = new VouchError("pin-wrong", "The PIN is wrong.", { hint: "Make sure of it first." });
    assert.equal(registrationError(own), own);
  });

  it("is no login that was interrupted", () => {
    const error = told(new VouchError("interrupted", "The login was interrupted."));
    assert.deepEqual([error.message, error.exit], ["The registration was interrupted.", 130]);
  });

  it("that is a bug stays one", () => {
    const bug = new TypeError("a bug");
    assert.equal(registrationError(bug), bug);
  });
});
