import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { hash } from "node:crypto";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { type ArchiveFile, archiveName } from "../../../krew/archive/entry.ts";
import { tarGz, zip } from "../../../krew/archive/pack.ts";
import { PLATFORMS } from "../../../krew/platforms.ts";
import { archiveKind, readArchive } from "../../support/archive/read.ts";
import { tarBytes } from "../../support/tar-bytes.ts";

const FILES: readonly ArchiveFile[] = [
  { name: "vouch-core", bytes: Buffer.from("core ".repeat(1000)), executable: true },
  { name: "LICENSE", bytes: Buffer.from("Apache"), executable: false },
  { name: "kubectl-vouch", bytes: Buffer.alloc(512, 7), executable: true },
  { name: "EMPTY", bytes: Buffer.alloc(0), executable: false },
];

/** What readers must find, in order of names. */
const ENTRIES = [
  { name: "EMPTY", type: "file", mode: 0o644, bytes: Buffer.alloc(0) },
  { name: "LICENSE", type: "file", mode: 0o644, bytes: Buffer.from("Apache") },
  { name: "kubectl-vouch", type: "file", mode: 0o755, bytes: Buffer.alloc(512, 7) },
  { name: "vouch-core", type: "file", mode: 0o755, bytes: Buffer.from("core ".repeat(1000)) },
];

for (const [kind, pack] of [
  ["tar.gz", tarGz],
  ["zip", zip],
] as const) {
  describe(`a ${kind} of ours`, () => {
    it("holds the files with their modes, in order of names", () => {
      assert.equal(archiveKind(pack(FILES)), kind);
      assert.deepEqual(readArchive(pack(FILES)), ENTRIES);
    });

    it("does not depend on the order, the clock or the time zone", () => {
      const inZone = (zone: string) =>
        execFileSync(process.execPath, ["--input-type=module", "--eval", PACK_ELSEWHERE, kind], {
          env: { TZ: zone },
          cwd: path.resolve(import.meta.dirname, "../../.."),
          encoding: "utf8",
        });
      const here = hash("sha256", pack(FILES.slice(0, 2)));
      assert.equal(hash("sha256", pack(FILES.slice(0, 2).reverse())), here);
      assert.equal(inZone("Pacific/Kiritimati"), here);
      assert.equal(inZone("America/St_Johns"), here);
    });

    it("leaves the files it is given alone, and their order", () => {
      const names = FILES.map(({ name }) => name);
      pack(FILES);
      assert.deepEqual(
        FILES.map(({ name }) => name),
        names,
      );
    });

    it("is found damaged with any byte of its content changed, and cut short", () => {
      const whole = pack(FILES);
      assert.throws(() => readArchive(whole.subarray(0, -30)));
      const changed = Buffer.from(whole);
      const at = kind === "zip" ? whole.indexOf("LICENSE") + 9 : whole.length - 12;
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => readArchive(changed));
    });
  });
}

/** Packs the first two of {@link FILES} in another process, and says the archive's hash. */
const PACK_ELSEWHERE = `
  import { createHash } from "node:crypto";
  import { tarGz, zip } from "./krew/archive/pack.ts";
  const files = [
    { name: "vouch-core", bytes: Buffer.from("core ".repeat(1000)), executable: true },
    { name: "LICENSE", bytes: Buffer.from("Apache"), executable: false },
  ];
  const packed = process.argv[1] === "zip" ? zip(files) : tarGz(files);
  process.stdout.write(createHash("sha256").update(packed).digest("hex"));
`;

describe("a tar.gz of ours", () => {
  it("says neither when nor by whom it was made", () => {
    const packed = tarGz(FILES);
    const tar = gunzipSync(packed);
    assert.equal(packed.toString("hex", 3, 10), "00000000000203", "no name, no time, best compression, Unix");
    assert.equal(tar.toString("latin1", 100, 124), "0000644\x000000000\x000000000\0", "mode, owner, group");
    assert.equal(tar.toString("latin1", 136, 148), "02263523000\0", "1 January 1980");
    assert.equal(tar.toString("latin1", 257, 345), `ustar\x0000${"\0".repeat(80)}`);
  });

  it("has no room for long names", () => {
    const file = { name: "x".repeat(101), bytes: Buffer.alloc(0), executable: false };
    assert.throws(() => tarGz([file]), /name too long for a tar/);
  });
});

describe("a zip of ours", () => {
  it("reads the same with another reader", () => {
    assert.deepEqual(
      Object.entries(unzipSync(zip(FILES))).map(([name, bytes]) => ({ name, bytes: Buffer.from(bytes) })),
      ENTRIES.map(({ name, bytes }) => ({ name, bytes })),
    );
  });
});

describe("an archive that others made", () => {
  it("is known by its content, and refused when krew would not take it", () => {
    const xz = Buffer.from("fd377a585a0000", "hex");
    for (const bytes of [xz, Buffer.from("28b52ffd", "hex"), Buffer.from("\x7fELF"), Buffer.alloc(0)]) {
      assert.equal(archiveKind(bytes), undefined);
      assert.throws(() => readArchive(bytes), /neither a .tar.gz nor a .zip by its content/);
    }
  });

  it("shows links, folders and extensions for what they are", () => {
    const tar = tarBytes([
      { name: "folder/", type: "5", mode: 0o755 },
      { name: "file", prefix: "folder", content: "x" },
      { name: "link", type: "2" },
      { name: "hard", type: "1" },
      { name: "pax_global_header", type: "g", content: "comment" },
    ]);
    assert.deepEqual(
      readArchive(gzipSync(tar)).map(({ name, type }) => [name, type]),
      [
        ["folder/", "directory"],
        ["folder/file", "file"],
        ["link", "symlink"],
        ["hard", "hardlink"],
        ["pax_global_header", "other"],
      ],
    );
  });

  it("is damaged with a wrong checksum, a size beyond its end, or no end mark", () => {
    const tar = tarBytes([{ name: "file", content: "x" }]);
    const changed = Buffer.from(tar);
    changed[0] = 0x78;
    assert.throws(() => readArchive(gzipSync(changed)), /damaged at byte 0/);
    assert.throws(() => readArchive(gzipSync(tar.subarray(0, 1024))), /cut short/);
    const long = tarBytes([{ name: "file", content: "x", size: 100_000 }]);
    assert.throws(() => readArchive(gzipSync(long)), /cut short/);
  });

  it("is damaged when a zip calls a file by two names", () => {
    const packed = zip(FILES);
    packed.write("Licence", packed.indexOf("LICENSE"));
    assert.throws(() => readArchive(packed), /LICENSE is called "Licence" at its bytes/);
  });
});

describe("a zip that others made", () => {
  const sound = zip([{ name: "LICENSE", bytes: Buffer.from("Apache".repeat(99)), executable: false }]);
  const directory = sound.indexOf("PK\x01\x02", 0, "latin1");
  const end = sound.indexOf("PK\x05\x06", 0, "latin1");

  // Offsets from the record in the directory, or from the file's start; APPNOTE.TXT 4.3.
  const broken: Record<string, [number, number[], RegExp]> = {
    encrypted: [directory + 8, [1], /LICENSE is encrypted/],
    "compressed by another method": [directory + 10, [12], /LICENSE is compressed by method 12/],
    "of another checksum": [directory + 16, [0], /LICENSE is damaged/],
    "larger than a zip can say": [directory + 24, [255, 255, 255, 255], /LICENSE is too large/],
    "shorter than it says": [directory + 24, [255, 3], /LICENSE is damaged/],
    "longer than it says": [directory + 24, [1, 0], /LICENSE is damaged/],
    "elsewhere than it says": [directory + 42, [9], /LICENSE is damaged/],
    "beyond the end": [directory + 44, [255], /LICENSE is damaged/],
    "without its record": [directory, [0], /directory is damaged/],
    "with a record more": [end + 10, [2], /directory is damaged/],
    "with a record less": [end + 10, [0], /directory is damaged/],
  };
  for (const [name, [at, bytes, error]] of Object.entries(broken)) {
    it(`is refused when a file is ${name}`, () => {
      const changed = Buffer.from(sound);
      changed.set(bytes, at);
      assert.throws(() => readArchive(changed), error);
    });
  }

  it("shows a symbolic link for what it is, and has no modes when it is not of Unix", () => {
    const link = Buffer.from(sound);
    link.writeUInt16LE(0o120777, directory + 40);
    assert.equal(readArchive(link)[0]?.type, "symlink");
    link[directory + 5] = 0;
    assert.deepEqual([readArchive(link)[0]?.type, readArchive(link)[0]?.mode], ["file", 0]);
  });
});

describe("the name of an archive", () => {
  it("has version, system and processor", () => {
    assert.deepEqual(
      PLATFORMS.map((platform) => archiveName("0.1.0", platform)),
      [
        "kubectl-vouch_0.1.0_linux_amd64.tar.gz",
        "kubectl-vouch_0.1.0_linux_arm64.tar.gz",
        "kubectl-vouch_0.1.0_darwin_amd64.tar.gz",
        "kubectl-vouch_0.1.0_darwin_arm64.tar.gz",
        "kubectl-vouch_0.1.0_windows_amd64.zip",
        "kubectl-vouch_0.1.0_windows_arm64.zip",
      ],
    );
  });
});
