import assert from "node:assert/strict";
import { stsSessionName } from "../../../token/aws/exchange.ts";

describe("stsSessionName", () => {
  const cases = {
    "ada@example.com": "ada@example.com",
    "a_b+c=d,e.f@g-h": "a_b+c=d,e.f@g-h",
    "ada lovelace/x:y": "ada-lovelace-x-y",
    "jürgen@example.com": "j-rgen@example.com",
    "": "--",
    x: "x-",
    [`${"a".repeat(60)}@example.com`]: `${"a".repeat(60)}@exa`,
  };
  for (const [subject, name] of Object.entries(cases)) {
    it(`is ${name} for ${JSON.stringify(subject)}`, () => {
      assert.equal(stsSessionName(subject), name);
      // Source: STS API reference, RoleSessionName.
      assert.match(name, /^[\w+=,.@-]{2,64}$/);
    });
  }
});
