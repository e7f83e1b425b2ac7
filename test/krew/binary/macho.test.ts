import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { addonProblems, type MadeForMac, machoProblems } from "../../../krew/binary/macho.ts";
import { blobBytes, type MachoParts, machoBytes } from "../../support/macho-bytes.ts";

const CORE: MadeForMac = { arch: "arm64", kind: "core", identifier: "kubectl-vouch" };
const LAUNCHER: MadeForMac = { ...CORE, kind: "launcher" };

/** An empty list of requirements, and an empty signature by certificate, as signers add them. */
const EMPTY_BLOBS = { 2: blobBytes(0xfade0c01, "\0\0\0\0"), 65536: blobBytes(0xfade0b01, "") };

describe("a macOS executable", () => {
  const sound: Record<string, [MadeForMac, MachoParts]> = {
    "as a core": [CORE, {}],
    "as a core for Intel": [{ ...CORE, arch: "amd64" }, { cpuType: 0x01000007 }],
    "with empty blobs and zeros behind": [
      CORE,
      { signature: { blobs: EMPTY_BLOBS, padding: Buffer.alloc(99) } },
    ],
    "hardened, with entitlements": [
      CORE,
      {
        signature: {
          flags: 0x10002,
          blobs: { 5: blobBytes(0xfade7171, "x"), 7: blobBytes(0xfade7172, "y") },
        },
      },
    ],
    "as a launcher signed by its linker": [LAUNCHER, { signature: { flags: 0x20002 }, segments: [] }],
    "with pages of 16 kB": [LAUNCHER, { signature: { pageBits: 14, identifier: "kubectl-vouch-1" } }],
  };
  for (const [name, [made, parts]] of Object.entries(sound)) {
    it(`is fine ${name}`, () => {
      assert.deepEqual(machoProblems(machoBytes(parts), made), []);
    });
  }

  const broken: Record<string, [MachoParts, string[]]> = {
    "another processor": [
      { cpuType: 0x01000007 },
      ["is for processor 0x1000007, expected 0x100000c (arm64)"],
    ],
    "a library's type": [{ fileType: 6 }, ["is a Mach-O file of type 6, no executable"]],
    "too new a macOS": [{ minimumMacos: 0x000f0000 }, ["asks for macOS 15.0, expected 11 or older"]],
    "no macOS named": [{ minimumMacos: null }, ["asks for macOS of no version, expected 11 or older"]],
    "another last segment": [{ last: "NODE_SEA" }, ["its last segment is NODE_SEA, expected __LINKEDIT"]],
    "code that can be written": [{ protection: 7 }, ["its segment __TEXT is writable and executable"]],
    "no blob": [{ segments: [] }, ["has no segment NODE_SEA"]],
    "no fuse": [{ code: Buffer.from("x") }, ["has no fuse of a Node single executable"]],
    "no signature": [{ signature: null }, ["is not signed"]],
    "a linker's flags on a core": [
      { signature: { flags: 0x20002 } },
      ["its signature has flags 0x20002, not those of ad hoc"],
    ],
    "flags of a certificate": [
      { signature: { flags: 0x10000 } },
      ["its signature has flags 0x10000, not those of ad hoc"],
    ],
    "another name": [
      { signature: { identifier: "node" } },
      ['is signed as "node", expected "kubectl-vouch"'],
    ],
    "no main program": [
      { signature: { isMain: false } },
      ["its signature does not name __TEXT as the main program"],
    ],
    "an old code directory": [
      { signature: { version: 0x20300 } },
      ["its code directory has version 0x20300, expected 0x20400 or later"],
    ],
    "SHA-1": [{ signature: { hashType: 1 } }, ["its pages are not hashed with SHA-256"]],
    "odd pages": [{ signature: { pageBits: 10 } }, ["its pages have 1024 bytes, expected 4096 or 16384"]],
    "one byte less signed": [
      { signature: { limitOff: -1 } },
      [
        "signed are 19999 bytes, but the signature is at 20000",
        "1 of 5 pages do not match their hash, the first at 16384",
      ],
    ],
    "a page more signed": [
      { signature: { limitOff: 4096 } },
      ["signed are 24096 bytes, but the signature is at 20000", "has hashes of 5 pages, expected 6"],
    ],
    "a certificate": [
      { signature: { blobs: { 65536: blobBytes(0xfade0b01, "certificate") } } },
      ["is signed with a certificate, which no longer fits"],
    ],
    "a second code directory": [
      { signature: { blobs: { 4096: blobBytes(0xfade0c02, "") } } },
      ["its signature has blob 4096"],
    ],
    "bytes behind the signature": [
      { signature: { padding: Buffer.from("x") } },
      ["has bytes behind its signature"],
    ],
  };
  for (const [name, [parts, problems]] of Object.entries(broken)) {
    it(`is refused with ${name}`, () => {
      const file = machoBytes(parts);
      const found = machoProblems(file, CORE);
      if (parts.signature === null) {
        assert.ok(found.includes("is not signed"));
      } else {
        assert.deepEqual(found, problems);
      }
    });
  }

  it("is refused with any single byte of it or of its hashes changed", () => {
    const file = machoBytes();
    const hashesAt = file.length - 5 * 32;
    for (let at = 0; at < file.length; at += at < 20_000 ? 97 : 1) {
      if (at >= 20_000 && at < hashesAt) continue;
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.notDeepEqual(machoProblems(changed, CORE), [], `byte ${at}`);
    }
  });

  it("is refused with anything where the code directory has nothing", () => {
    const directoryAt = 20_000 + 12 + 8;
    for (const at of [38, 40, 47, 52, 55]) {
      const changed = machoBytes();
      changed[directoryAt + at] = 1;
      assert.deepEqual(machoProblems(changed, CORE), ["its code directory has a value where none belongs"]);
    }
  });

  it("is refused with the name of a team", () => {
    const file = machoBytes();
    const directoryAt = 20_000 + 12 + 8;
    file.writeUInt32BE(88, directoryAt + 48);
    assert.deepEqual(machoProblems(file, CORE), ['is signed by team "kubectl-vouch", expected ad hoc']);
  });

  it("is refused with an entitlement changed, or without its hash", () => {
    const entitlement = blobBytes(0xfade7171, "entitlement");
    const file = machoBytes({ signature: { blobs: { 5: entitlement } } });
    const unhashed = Buffer.from(file);
    const hashAt = file.indexOf(hash("sha256", entitlement, "buffer"));
    unhashed.fill(0, hashAt, hashAt + 32);
    file.write("E", file.lastIndexOf("entitlement"));
    assert.deepEqual(machoProblems(file, CORE), ["blob 5 of its signature does not match its hash"]);
    assert.deepEqual(machoProblems(unhashed, CORE), ["blob 5 of its signature does not match its hash"]);
  });

  it("is refused cut short, at every length", () => {
    const file = machoBytes();
    for (let length = 0; length < file.length; length += 89) {
      assert.notDeepEqual(machoProblems(file.subarray(0, length), CORE), [], `length ${length}`);
    }
    assert.deepEqual(machoProblems(file.subarray(0, -1), CORE), [
      `its last segment ends at ${file.length}, the file at ${file.length - 1}`,
      `its signature ends at ${file.length}, the file at ${file.length - 1}`,
    ]);
    assert.deepEqual(machoProblems(Buffer.concat([file, Buffer.from("x")]), CORE), [
      `its last segment ends at ${file.length}, the file at ${file.length + 1}`,
      `its signature ends at ${file.length}, the file at ${file.length + 1}`,
    ]);
  });

  it("is refused when it is something else", () => {
    for (const file of ["", "#!/bin/sh\n", `\xca\xfe\xba\xbe${"\0".repeat(40)}`]) {
      assert.deepEqual(machoProblems(Buffer.from(file, "latin1"), CORE), ["no 64-bit Mach-O file"]);
    }
  });

  it("can be an addon of any signer, but not without a signature, nor changed", () => {
    const addon = { fileType: 8, segments: [] };
    assert.deepEqual(addonProblems(machoBytes({ ...addon, signature: { identifier: "hid" } }), "arm64"), []);
    assert.deepEqual(addonProblems(machoBytes({ ...addon, signature: null }), "arm64"), ["is not signed"]);
    const changed = machoBytes(addon);
    changed.write("x", 10_000);
    assert.match(addonProblems(changed, "arm64").join(), /^1 of 5 pages do not match their hash/);
  });

  it("must be hardened and certified to be notarized", () => {
    const certified = { ...LAUNCHER, hasDeveloperId: true };
    assert.deepEqual(machoProblems(machoBytes({ segments: [] }), certified), [
      "its signature has flags 0x2, not those of the hardened runtime",
      "is signed by no team",
      "is signed without a certificate",
    ]);
  });
});
