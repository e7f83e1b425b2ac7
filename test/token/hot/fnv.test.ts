import assert from "node:assert/strict";
import { fnv64 } from "../../../token/hot/fnv.ts";

describe("fnv64", () => {
  // Source: draft-eastlake-fnv-17, appendix C, 64-bit FNV-1a test vectors.
  const vectors = {
    "": "cbf29ce484222325",
    a: "af63dc4c8601ec8c",
    b: "af63df4c8601f1a5",
    foobar: "85944171f73967e8",
  };
  for (const [text, hash] of Object.entries(vectors)) {
    it(`gives ${hash} for ${JSON.stringify(text)}`, () => {
      assert.equal(fnv64(text), hash);
    });
  }
});
