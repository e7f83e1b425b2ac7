import assert from "node:assert/strict";
import { textFromBase64 } from "../../../token/text/base64.ts";

describe("textFromBase64", () => {
  for (const text of ["", "a", "ü–€😀", "\uFEFFhttps://sts.amazonaws.com/", "a\uFEFFb\0"])
    it(`gives all of ${JSON.stringify(text)} back, from either alphabet, padded or not`, () => {
      const bytes = Buffer.from(text);
      assert.equal(textFromBase64(bytes.toString("base64")), text);
      assert.equal(textFromBase64(bytes.toString("base64url")), text);
    });

  it("passes over blanks", () => assert.equal(textFromBase64(" Y\tQ=\r\n= "), "a"));

  it("puts U+FFFD for bytes that are not UTF-8", () => assert.equal(textFromBase64("/2E"), "\uFFFDa"));

  for (const digits of ["*", "YQ=", "Y", "YWJjZ"])
    it(`refuses ${digits}`, () =>
      assert.throws(() => textFromBase64(digits), { name: "InvalidCharacterError" }));
});
