import assert from "node:assert/strict";
import { ERRORS } from "../../../token/errors/error-table.ts";
import {
  type ErrorCode,
  EXIT,
  isErrorCode,
  reasonOf,
  VouchError,
  withHints,
} from "../../../token/errors/errors.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];

describe("the errors", () => {
  for (const code of CODES) {
    it(`say for ${code} what to do next, and end with a status of the list`, () => {
      const error = new VouchError(code, "It happened.");
      assert.match(error.hint, /^[A-Z].*\S$/);
      assert.ok(Object.values<number>(EXIT).includes(error.exit));
      assert.notEqual(error.exit, EXIT.ok);
    });
  }

  it("have a status of their own for each kind", () => {
    assert.equal(new Set(Object.values(EXIT)).size, Object.keys(EXIT).length);
  });
});

describe("VouchError", () => {
  it("carries message, code, status and cause", () => {
    const cause = new Error("below");
    const error = new VouchError("session-expired", "Your session ended at 11:40.", { cause });
    assert.deepEqual(
      [error.name, error.message, error.code, error.exit, error.cause],
      ["VouchError", "Your session ended at 11:40.", "session-expired", EXIT.logIn, cause],
    );
    assert.equal(error.hint, "Run `kubectl vouch login` and touch your security key.");
  });

  it("takes the hint of a place that knows more, and has no cause when there is none", () => {
    const error = new VouchError("usage", "x", { hint: "Run `y`." });
    assert.equal(error.hint, "Run `y`.");
    assert.equal("cause" in error, false);
  });
});

describe("isErrorCode", () => {
  it("knows our codes, and nothing that only objects know", () => {
    assert.deepEqual(["usage", "toString", "", undefined, 7].map(isErrorCode), [
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("reasonOf", () => {
  it("is the text of whatever was thrown, in one line", () => {
    assert.equal(reasonOf(new Error(" a\n  b\t")), "a b");
    assert.equal(reasonOf("text"), "text");
    assert.equal(reasonOf(undefined), "undefined");
  });

  it("leaves OpenSSL's file names and numbers out", () => {
    const file = "../deps/openssl/openssl/ssl";
    // As Node 22 has them of `tls.connect` and of an `https.request`.
    const errors = [
      `write EPROTO C03C0C7E4B7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:${file}/record/methods/tlsany_meth.c:77:`,
      `C0ECC4CC727F0000:error:0A000152:SSL routines:final_renegotiate:unsafe legacy renegotiation disabled:${file}/statem/extensions.c:922:`,
      "error:1C800064:Provider routines::bad decrypt",
    ];
    assert.deepEqual(
      errors.map((text) => reasonOf(new Error(text))),
      ["wrong version number", "unsafe legacy renegotiation disabled", "bad decrypt"],
    );
  });
});

describe("withHints", () => {
  const denied = new VouchError("aws-denied", "No.");
  const never = () => assert.fail("nobody wants the hints");

  it("gives an error of its codes the hint, and keeps the rest", async () => {
    const hints = () => ({ "aws-denied": "Ask Ada." });
    await assert.rejects(withHints(hints, Promise.reject(denied)), {
      ...{ code: "aws-denied", message: "No.", hint: "Ask Ada.", cause: denied },
    });
  });

  it("leaves an error as it is that it has no hint for", async () => {
    const leaves = async (error: unknown, hints: Parameters<typeof withHints>[0]) =>
      assert.equal(await withHints(hints, Promise.reject(error)).catch((thrown: unknown) => thrown), error);
    await leaves(denied, () => ({ "aws-failed": "Wait." }));
    await leaves(denied, () => ({ "aws-denied": undefined }));
    await leaves(new Error("a bug"), never);
  });

  it("looks for no hint as long as nothing failed", async () =>
    assert.equal(await withHints(never, Promise.resolve(7)), 7));
});
