import assert from "node:assert/strict";
import { jwtClaims } from "../../../../token/vouch/session/vouch-session.ts";

describe("jwtClaims", () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

  it("reads the claims without asking who signed them", () => {
    assert.deepEqual(jwtClaims(`${encoded({})}.${encoded({ sub: "zoë" })}.x`), { sub: "zoë" });
  });

  for (const token of [
    "",
    "opaque",
    "a.b",
    `a.${encoded({})}`,
    `a.${encoded({})}.c.d`,
    `a.${encoded(["x"])}.c`,
    "a.!.c",
  ]) {
    it(`takes ${JSON.stringify(token)} for no such token`, () => {
      assert.equal(jwtClaims(token), undefined);
    });
  }
});
