import assert from "node:assert/strict";
import { SENTINEL_FUSE } from "../../../krew/binary/fuse.ts";
import { peProblems, withChecksum, withoutAuthenticode } from "../../../krew/binary/pe.ts";
import { withSystemImports } from "../../../krew/binary/pe-load-flags.ts";
import {
  PE_CHECKSUM_AT,
  PE_LOAD_CONFIG_AT,
  PE_SECURITY_AT,
  type PeParts,
  peBytes,
} from "../../support/pe-bytes.ts";

const AMD64 = { arch: "amd64" } as const;

describe("a Windows executable", () => {
  it("is fine without a signature and with its checksum, of even or odd length", () => {
    for (const more of ["", "x"]) {
      const file = withChecksum(peBytes({ code: Buffer.from(`${SENTINEL_FUSE}:1${more}`) }));
      assert.deepEqual(peProblems(file, AMD64), []);
    }
    assert.deepEqual(peProblems(withChecksum(peBytes({ machine: 0xaa64 })), { arch: "arm64" }), []);
  });

  it("has the checksum that the rule gives, carries and length included", () => {
    const plain = peBytes({ code: Buffer.alloc(0) });
    const ones = peBytes({ code: Buffer.from("ffffff", "hex") });
    const sumOf = (file: Buffer) => withChecksum(file).readUInt32LE(PE_CHECKSUM_AT);
    // Adding 0xffff changes nothing but for the carry; 0xff and three bytes of length are added.
    assert.equal(sumOf(ones), sumOf(plain) + 0xff + 3);
  });

  it("ignores the checksum that stood there", () => {
    const stale = peBytes();
    stale.writeUInt32LE(0x12345678, PE_CHECKSUM_AT);
    assert.deepEqual(withChecksum(stale), withChecksum(peBytes()));
  });

  const broken: Record<string, [PeParts, string[]]> = {
    "another processor": [{ machine: 0xaa64 }, ["is for machine 0xaa64, expected 0x8664 (amd64)"]],
    "32 bits": [{ magic: 0x10b }, ["not a 64-bit Windows executable"]],
    "no place for a signature": [{ directories: 4 }, ["has no entry for a certificate table"]],
    "a signature left": [
      { certificates: Buffer.alloc(16) },
      ["still points to a signature, 16 bytes at 746"],
    ],
    "imports from beside it": [{ loadFlags: 0 }, ["its load flags are 0x0, expected 0x800"]],
    "no load flags": [{ loadConfigSize: 0x4e }, ["its load flags cannot be read"]],
    "no entry for a load configuration": [{ directories: 10 }, ["its load flags cannot be read"]],
    "no fuse": [{ code: Buffer.from("code") }, ["has no fuse of a Node single executable"]],
    "two fuses": [
      { code: Buffer.from(`${SENTINEL_FUSE}:1${SENTINEL_FUSE}:0`) },
      ["has 2 fuses of a Node single executable, expected one"],
    ],
    "no program injected": [
      { code: Buffer.from(`${SENTINEL_FUSE}:0`) },
      ['its fuse is in state "0", expected "1": no program was injected'],
    ],
  };
  for (const [name, [parts, problems]] of Object.entries(broken)) {
    it(`is refused with ${name}`, () => {
      const file = peBytes(parts);
      const whole = problems[0]?.startsWith("not a") || problems[0]?.startsWith("has no entry");
      assert.deepEqual(peProblems(whole ? file : withChecksum(file), AMD64), problems);
    });
  }

  it("is refused with a wrong checksum", () => {
    const file = withChecksum(peBytes());
    const right = file.readUInt32LE(PE_CHECKSUM_AT);
    file[200] = 1;
    assert.deepEqual(peProblems(file, AMD64), [
      `its checksum is 0x${right.toString(16)}, expected 0x${(right + 1).toString(16)}`,
    ]);
  });

  it("is refused as a small program if it loads a library that is not always Windows' own", () => {
    const problems = (...libraries: readonly string[]) =>
      peProblems(withChecksum(peBytes({ libraries })), { arch: "amd64", kind: "launcher" });
    assert.deepEqual(problems(), []);
    assert.deepEqual(problems("KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "ntdll.dll"), []);
    assert.deepEqual(problems("KERNEL32.dll", "VERSION.dll", "api-ms.dll"), [
      "loads version.dll, api-ms.dll",
    ]);
    const torn = peBytes({ libraries: ["KERNEL32.dll"] });
    assert.deepEqual(peProblems(withChecksum(torn.subarray(0, -30)), { arch: "amd64", kind: "launcher" }), [
      "its list of libraries cannot be read",
    ]);
  });

  it("is refused when it is something else, or cut short", () => {
    const far = peBytes();
    far.writeUInt32LE(0xfffffff0, 60);
    const other = peBytes();
    other.write("NE", 64);
    for (const file of [Buffer.from("#!/bin/sh"), Buffer.alloc(0), peBytes().subarray(0, 150), far, other]) {
      assert.deepEqual(peProblems(file, AMD64), ["no Windows executable"]);
    }
  });
});

describe("a Windows executable with imports from Windows' own folder", () => {
  it("differs in the flags only", () => {
    const before = peBytes({ loadFlags: 0 });
    assert.deepEqual(withSystemImports(before), peBytes());
    assert.deepEqual(before, peBytes({ loadFlags: 0 }));
  });

  it("is refused if it has no place for the flags", () => {
    const bare = peBytes();
    bare.writeUInt32LE(0, PE_LOAD_CONFIG_AT);
    const short = peBytes();
    short.writeUInt32LE(0x4e, PE_LOAD_CONFIG_AT + 4);
    for (const file of [bare, short]) {
      assert.throws(() => withSystemImports(file), RangeError);
      assert.deepEqual(peProblems(withChecksum(file), AMD64), ["its load flags cannot be read"]);
    }
  });
});

describe("a Windows executable without its signature", () => {
  const signed = peBytes({ certificates: Buffer.from("certificates of even size") });

  it("is the same as one that never had it", () => {
    assert.deepEqual(withoutAuthenticode(signed), withChecksum(peBytes()));
    assert.equal(withoutAuthenticode(signed).readBigUInt64LE(PE_SECURITY_AT), 0n);
  });

  it("leaves the file it was given alone", () => {
    const before = Buffer.from(signed);
    withoutAuthenticode(signed);
    assert.deepEqual(signed, before);
  });

  it("is refused when something follows the signature", () => {
    const injected = Buffer.concat([signed, Buffer.from("program")]);
    assert.throws(
      () => withoutAuthenticode(injected),
      new RegExp(
        `certificates end at ${signed.length}, the file at ${injected.length}: was something injected`,
      ),
    );
  });
});
