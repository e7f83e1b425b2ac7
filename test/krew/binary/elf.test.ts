import assert from "node:assert/strict";
import { elfProblems } from "../../../krew/binary/elf.ts";
import type { Made } from "../../../krew/binary/made.ts";
import { CORE_PARTS, type ElfParts, elfBytes, LAUNCHER_PARTS } from "../../support/elf-bytes.ts";

const CORE: Made = { arch: "amd64", kind: "core" };
const LAUNCHER: Made = { arch: "amd64", kind: "launcher" };

describe("a Linux executable", () => {
  it("is fine as a core that a glibc system of 2018 can load", () => {
    assert.deepEqual(elfProblems(elfBytes(CORE_PARTS), CORE), []);
  });

  it("is fine as a launcher that needs nothing", () => {
    assert.deepEqual(elfProblems(elfBytes(LAUNCHER_PARTS), LAUNCHER), []);
    assert.deepEqual(
      elfProblems(elfBytes({ ...LAUNCHER_PARTS, machine: 183 }), { ...LAUNCHER, arch: "arm64" }),
      [],
    );
  });

  const broken: Record<string, [Made, ElfParts, string[]]> = {
    "another processor": [CORE, { machine: 183 }, ["is for machine 183, expected 62 (amd64)"]],
    "too new a glibc": [
      CORE,
      { needs: { "libc.so.6": ["GLIBC_2.9", "GLIBC_2.34"] } },
      ["needs GLIBC_2.34, but GLIBC_2.28 must do"],
    ],
    "too new a libstdc++": [
      CORE,
      { needs: { "libstdc++.so.6": ["GLIBCXX_3.4.22"] } },
      ["needs GLIBCXX_3.4.22, but GLIBCXX_3.4.21 must do"],
    ],
    "a library that slim images lack": [
      CORE,
      { needs: { "libc.so.6": [], "libatomic.so.1": [] } },
      ["needs libatomic.so.1"],
    ],
    "no library": [CORE, { needs: {} }, ["needs no library at all: this is no Node"]],
    "code that can be written": [
      CORE,
      { codeFlags: 7 },
      ["the segment at 0x400000 is writable and executable"],
    ],
    "an executable stack": [CORE, { stackFlags: 7 }, ["its stack is executable"]],
    "nothing said of the stack": [
      LAUNCHER,
      { stackFlags: null },
      ["does not say that its stack is not executable (no PT_GNU_STACK)"],
    ],
    "no program injected": [
      CORE,
      { code: Buffer.from("NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:0") },
      ['its fuse is in state "0", expected "1": no program was injected'],
    ],
    "a launcher that a preloaded library reaches": [
      LAUNCHER,
      { interpreter: true, needs: { "libc.so.6": [] } },
      ["is not static: it asks for a dynamic loader (PT_INTERP)", "is not static: it needs libc.so.6"],
    ],
    "a launcher without RELRO": [
      LAUNCHER,
      { relro: false },
      ["its relocated data stay writable (no PT_GNU_RELRO)"],
    ],
  };
  for (const [name, [made, parts, problems]] of Object.entries(broken)) {
    it(`is refused with ${name}`, () => {
      const sound = made.kind === "core" ? CORE_PARTS : LAUNCHER_PARTS;
      assert.deepEqual(elfProblems(elfBytes({ ...sound, ...parts }), made), problems);
    });
  }

  it("is refused when it is something else, or cut short", () => {
    const whole = elfBytes(CORE_PARTS);
    const wide = Buffer.from(whole);
    wide[4] = 1;
    const stray = Buffer.from(whole);
    stray.writeBigUInt64LE(1n << 40n, stray.indexOf(Buffer.from([5, 0, 0, 0, 0, 0, 0, 0])) + 8);
    assert.deepEqual(elfProblems(Buffer.from("#!/bin/sh\n"), CORE), ["no ELF file"]);
    assert.deepEqual(elfProblems(wide, CORE), ["not a 64-bit little-endian ELF file"]);
    assert.deepEqual(elfProblems(whole.subarray(0, -1), CORE), [
      "truncated: the section headers are beyond the end",
    ]);
    assert.match(elfProblems(stray, CORE)[0] ?? "", /^its dynamic segment points outside of the file: 0x/);
  });
});
