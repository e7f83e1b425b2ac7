import assert from "node:assert/strict";
import crypto from "node:crypto";
import { hash } from "../../../doctor/browser/crypto.ts";

describe("the page's stand-in for node:crypto", () => {
  for (const text of ["", "abc", "https://corp.awsapps.com/start", "ü€😀", "x".repeat(1000)])
    it(`hashes as Node does: ${text.slice(0, 40)}`, () => {
      for (const algorithm of ["sha1", "sha256"] as const)
        for (const encoding of ["hex", "base64"] as const)
          assert.equal(hash(algorithm, text, encoding), crypto.hash(algorithm, text, encoding));
    });
});
