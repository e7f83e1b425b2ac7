import assert from "node:assert/strict";
import { CACHE_CASES } from "./cache-cases.ts";

describe("names of cache files", () => {
  for (const { name, ours, answer } of CACHE_CASES)
    it(`are the AWS CLI's: ${name}`, () => assert.equal(ours, `${answer}.json`));
});
