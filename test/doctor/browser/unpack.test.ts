import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { strToU8, zipSync } from "fflate";
import { unpacked } from "../../../doctor/browser/unpack.ts";

const read = (name: string, bytes: Uint8Array) => unpacked(name, new Blob([Uint8Array.from(bytes)]));
const problemOf = async (bytes: Uint8Array) => (await read("x", bytes))[0]?.problem ?? "";
const hex = (digits: string) => Buffer.concat([Buffer.from(digits, "hex"), Buffer.alloc(40, 1)]);
const TEXT = "error: You must be logged in to the server (Unauthorized)\n";

describe("a file that is dropped", () => {
  const FORMATS: Readonly<Record<string, readonly [bytes: Buffer, problem: RegExp]>> = {
    PNG: [hex("89504e470d0a1a0a"), /^a picture: copy the text in it/],
    JPEG: [hex("ffd8ffe0"), /^a picture/],
    PDF: [Buffer.from("%PDF-1.7\n"), /^a PDF/],
    ELF: [hex("7f454c46"), /^a program/],
    "a program of Windows": [hex("4d5a9000"), /^a program/],
    xz: [hex("fd377a585a00"), /^an archive in a format that is not supported/],
    tar: [Buffer.concat([Buffer.alloc(257, 97), Buffer.from("ustar\0")]), /^a tar archive/],
    "bytes without a form": [Buffer.from([1, 2, 0, 3, 0, 0, 0, 4, 5, 6, 7]), /^binary data/],
    "a damaged gz": [Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]), /^it is damaged/],
    "a damaged ZIP": [Buffer.from("PK\u0003\u0004 and nothing else, for a long while"), /damaged/],
  };
  for (const [what, [bytes, problem]] of Object.entries(FORMATS))
    it(`is told for what it is: ${what}`, async () => assert.match(await problemOf(bytes), problem));

  it("is text, in UTF-8, UTF-16, gz or ZIP", async () => {
    assert.deepEqual(await read("a.txt", Buffer.from(TEXT)), [{ name: "a.txt", text: TEXT }]);
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TEXT, "utf16le")]);
    assert.deepEqual(await read("a.txt", wide), [{ name: "a.txt", text: TEXT }]);
    assert.deepEqual(await read("a.gz", gzipSync(TEXT)), [{ name: "a.gz", text: TEXT }]);
    const zip = zipSync({
      "logs/a.txt": strToU8(TEXT),
      "stored.txt": [strToU8(TEXT), { level: 0 }],
      "wide.txt": new Uint8Array(wide),
      "shot.png": hex("89504e470d0a1a0a"),
      "inner.zip": zipSync({ a: strToU8("x") }),
    });
    const files = await read("all.zip", zip);
    assert.deepEqual(
      files.map(({ name, text, problem }) => [name, text, problem?.split(":")[0]]),
      [
        ["all.zip/logs/a.txt", TEXT, undefined],
        ["all.zip/stored.txt", TEXT, undefined],
        ["all.zip/wide.txt", TEXT, undefined],
        ["all.zip/shot.png", "", "a picture"],
        ["all.zip/inner.zip", "", "an archive within an archive"],
      ],
    );
  });

  it("unpacks to no more than the page reads, however small it is", async () => {
    const bomb = Buffer.alloc(30_000_000, 97);
    assert.match(await problemOf(gzipSync(bomb)), /^it unpacks to more than 20 MB/);
    const halves = { a: bomb.subarray(0, 12_000_000), b: bomb.subarray(0, 12_000_000) };
    assert.match(await problemOf(zipSync(halves)), /^it unpacks to more than 20 MB/);
    const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}`, strToU8("x")]));
    assert.match(await problemOf(zipSync(many)), /^an archive of 201 files/);
  });

  it("may lie about its sizes and places, and is refused", async () => {
    const zip = Buffer.from(zipSync({ a: strToU8(TEXT) }));
    for (let at = 0; at < zip.length; at++) {
      const spoilt = Buffer.from(zip);
      spoilt[at] = 0xff;
      for (const { text, problem } of await read("x.zip", spoilt))
        assert.ok(problem !== undefined || text.length < 1000, `byte ${at}`);
    }
  });
});
