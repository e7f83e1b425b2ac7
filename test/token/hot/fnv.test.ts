import assert from "node:assert/strict";
import { fnv32, fnv64 } from "../../../token/hot/fnv.ts";

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

describe("fnv32", () => {
  // Source: draft-eastlake-fnv-17, appendix C, 32-bit FNV-1a test vectors.
  const vectors = { "": "811c9dc5", a: "e40c292c", b: "e70c2de5", foobar: "bf9cf968" };
  for (const [text, hash] of Object.entries(vectors)) {
    it(`gives ${hash} for ${JSON.stringify(text)}`, () => assert.equal(fnv32(text), hash));
  }
});
