import assert from "node:assert/strict";
import { decodedText } from "../../../token/files/encoding.ts";

const TEXT = "AWS_PROFILE=büro\r\n☸\n";
const little = Buffer.from(TEXT, "utf16le");
const big = Buffer.from(little).swap16();

describe("the text of a file", () => {
  const FILES: Readonly<Record<string, Buffer>> = {
    "UTF-8": Buffer.from(TEXT),
    "UTF-8 with a byte order mark": Buffer.from(`\ufeff${TEXT}`),
    "UTF-16 as Windows PowerShell writes it": Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
    "UTF-16, big-endian": Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
    "UTF-16 without a byte order mark": little,
    "UTF-16, big-endian, without a byte order mark": big,
  };
  for (const [encoding, bytes] of Object.entries(FILES))
    it(`is read from ${encoding}`, () => assert.equal(decodedText(new Uint8Array(bytes)), TEXT));

  it("may be empty, or a mark alone", () => {
    assert.equal(decodedText(new Uint8Array()), "");
    assert.equal(decodedText(new Uint8Array([0xff, 0xfe])), "");
  });
});
