import assert from "node:assert/strict";
import { tokenExpiry } from "../../../token/eks/token-form.ts";

describe("tokenExpiry", () => {
  const signedAt = Date.parse("2026-01-15T12:00:00Z");
  const minutes = (count: number) => signedAt + count * 60_000;
  const cases = [
    { ends: "far away", credentialsEnd: 60, sessionEnd: 480, expected: 14 },
    { ends: "with the credentials", credentialsEnd: 10, sessionEnd: 480, expected: 9 },
    { ends: "with the session", credentialsEnd: 60, sessionEnd: 3, expected: 2 },
    { ends: "with a session that is over before", credentialsEnd: 60, sessionEnd: 0, expected: -1 },
  ];
  for (const { ends, credentialsEnd, sessionEnd, expected } of cases) {
    it(`is ${expected} minutes after signing when all ends ${ends}`, () => {
      assert.equal(
        tokenExpiry({ signedAt, credentialsEnd: minutes(credentialsEnd), sessionEnd: minutes(sessionEnd) }),
        minutes(expected),
      );
    });
  }
});
