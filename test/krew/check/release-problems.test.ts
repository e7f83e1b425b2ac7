import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { ArchiveFile } from "../../../krew/archive/entry.ts";
import { tarGz } from "../../../krew/archive/pack-tar.ts";
import { zip } from "../../../krew/archive/pack-zip.ts";
import { installProblems } from "../../../krew/check/install-problems.ts";
import type { FileOperation } from "../../../krew/check/manifest.ts";
import { releaseProblems } from "../../../krew/check/release-problems.ts";
import { type FakeRelease, fakeFiles, fakeRelease } from "../../support/krew-release.ts";
import { tarBytes } from "../../support/tar-bytes.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const LINUX = { os: "linux" } as const;
const SCRIPT = { name: "kubectl-vouch", content: "#!/bin/sh\n", mode: 0o755 };
const LICENSE = { name: "LICENSE", content: "Apache" };
const file = (name: string, executable = false): ArchiveFile => ({
  name,
  bytes: Buffer.from("x"),
  executable,
});

describe("a release", () => {
  const release = fakeRelease("0.1.0");
  const check = ({ manifest, archives }: FakeRelease) =>
    releaseProblems({ fileName: "vouch.yaml", manifest, archive: (name) => archives.get(name) });

  it("has no problem as we make it", () => {
    assert.deepEqual(check(release), []);
  });

  it("is refused with an archive that is missing, or of another sum", () => {
    const archives = new Map(release.archives);
    const other = tarGz([...fakeFiles("0.1.0", LINUX), file("MORE")]);
    archives.delete("kubectl-vouch_0.1.0_windows_arm64.zip");
    archives.set("kubectl-vouch_0.1.0_darwin_amd64.tar.gz", other);
    const expected = hash("sha256", release.archives.get("kubectl-vouch_0.1.0_darwin_amd64.tar.gz") ?? "");
    assert.deepEqual(check({ ...release, archives }), [
      `darwin_amd64: kubectl-vouch_0.1.0_darwin_amd64.tar.gz has the sum ${hash("sha256", other)}, the manifest says ${expected}`,
      "windows_arm64: there is no kubectl-vouch_0.1.0_windows_arm64.zip",
    ]);
  });

  it("is refused with a platform that is not offered", () => {
    const manifest = release.manifest.replace(
      / {4}- selector:\n {8}matchLabels:\n {10}os: darwin\n {10}arch: arm64\n(?: {6}.*\n){3}/,
      "",
    );
    assert.notEqual(manifest, release.manifest);
    assert.deepEqual(check({ ...release, manifest }), ["darwin_arm64: not offered"]);
  });

  it("installs nothing by a manifest that is not sound", () => {
    assert.deepEqual(check({ manifest: "a: [", archives: new Map() }).length, 1);
    const manifest = release.manifest.replace("version: v0.1.0", "version: v/../../../etc");
    assert.deepEqual(check({ manifest, archives: new Map() }), [
      'vouch.yaml has version "v/../../../etc", no semantic version',
    ]);
  });

  it("is refused for each platform by itself", () => {
    const broken = fakeRelease("0.1.0", (platform) =>
      fakeFiles("0.1.0", platform).filter(({ name }) => name !== "LICENSE" || platform.os !== "darwin"),
    );
    assert.deepEqual(check(broken), [
      "darwin_amd64: kubectl-vouch_0.1.0_darwin_amd64.tar.gz: no licence among THIRD_PARTY_NOTICES, kubectl-vouch, kubectl-vouch.1, vouch-core",
      "darwin_arm64: kubectl-vouch_0.1.0_darwin_arm64.tar.gz: no licence among THIRD_PARTY_NOTICES, kubectl-vouch, kubectl-vouch.1, vouch-core",
    ]);
  });
});

describe("an installation", () => {
  const krewRoot = tempFolder();
  const install = (
    archive: Buffer,
    { os = "linux", bin = "kubectl-vouch", files, name = "vouch" }: Choices = {},
  ) =>
    installProblems({
      name,
      version: "v0.1.0",
      os,
      archive,
      krewRoot: krewRoot(),
      platform: { bin, ...(files === undefined ? {} : { files }) },
    });

  interface Choices {
    readonly os?: string;
    readonly bin?: string;
    readonly files?: readonly FileOperation[];
    readonly name?: string;
  }

  it("leaves the tree that krew leaves", () => {
    assert.deepEqual(install(tarGz(fakeFiles("0.1.0", LINUX))), []);
    const store = path.join(krewRoot(), "store/vouch/v0.1.0");
    assert.deepEqual(fs.readdirSync(store), [
      "LICENSE",
      "THIRD_PARTY_NOTICES",
      "kubectl-vouch",
      "kubectl-vouch.1",
      "vouch-core",
    ]);
    assert.equal(
      fs.readlinkSync(path.join(krewRoot(), "bin/kubectl-vouch")),
      path.join(store, "kubectl-vouch"),
    );
  });

  it("links by the name kubectl looks for", () => {
    install(zip(fakeFiles("0.1.0", { os: "windows" })), { os: "windows", bin: "kubectl-vouch.exe" });
    install(tarGz(fakeFiles("0.1.0", LINUX)), { name: "vouch-for-me" });
    assert.deepEqual(fs.readdirSync(path.join(krewRoot(), "bin")), [
      "kubectl-vouch.exe",
      "kubectl-vouch_for_me",
    ]);
  });

  const sound: Record<string, [Buffer, Choices]> = {
    "a folder, and git's header": [
      gzipSync(
        tarBytes([
          { name: "pax_global_header", type: "g" },
          { name: "./", type: "5", mode: 0o755 },
          SCRIPT,
          LICENSE,
        ]),
      ),
      {},
    ],
    "files that are moved": [
      tarGz([file("vouch-0.1.0/kubectl-vouch", true), file("vouch-0.1.0/license.MD")]),
      { files: [{ from: "vouch-*/*", to: "." }] },
    ],
    "files that are renamed": [
      tarGz([file("program", true), file("COPYING")]),
      {
        bin: "bin/kubectl-vouch",
        files: [
          { from: "program", to: "bin/kubectl-vouch" },
          { from: "C*", to: "." },
        ],
      },
    ],
    "a folder that is moved": [
      tarGz([file("a/b/kubectl-vouch", true), file("a/b/licenses.txt")]),
      { files: [{ from: "a/b", to: "c" }], bin: "c/kubectl-vouch" },
    ],
  };
  for (const [name, [archive, choices]] of Object.entries(sound)) {
    it(`is fine with ${name}`, () => assert.deepEqual(install(archive, choices), []));
  }

  const tar = (...entries: Parameters<typeof tarBytes>[0]) =>
    gzipSync(tarBytes([SCRIPT, LICENSE, ...entries]));
  const files = fakeFiles("0.1.0", LINUX);
  const broken: [string, Buffer, Choices, string[]][] = [
    [
      "xz",
      Buffer.from("fd377a585a000004", "hex"),
      {},
      ["cannot be unpacked: neither a .tar.gz nor a .zip by its content"],
    ],
    [
      "a bare program",
      Buffer.from("\x7fELF"),
      {},
      ["cannot be unpacked: neither a .tar.gz nor a .zip by its content"],
    ],
    [
      "half an archive",
      gzipSync(tarBytes(files.map(({ name }) => ({ name }))).subarray(0, 700)),
      {},
      ["cannot be unpacked: the tar is cut short"],
    ],
    [
      "a symbolic link",
      tar({ name: "l", type: "2" }),
      {},
      ['has "l", which is neither file nor folder (symlink)'],
    ],
    [
      "a hard link",
      tar({ name: "l", type: "1" }),
      {},
      ['has "l", which is neither file nor folder (hardlink)'],
    ],
    ["a device", tar({ name: "d", type: "3" }), {}, ['has "d", which is neither file nor folder (other)']],
    ["a name that leads out", tar({ name: "../x" }), {}, ['has two dots in the name "../x"']],
    ["two dots inside a name", tar({ name: "a..b" }), {}, ['has two dots in the name "a..b"']],
    ["an absolute name", tar({ name: "/etc/x" }), {}, ['has the absolute name "/etc/x"']],
    ["an absolute name of Windows", tar({ name: "\\x" }), {}, ['has the absolute name "\\x"']],
    ["one name twice", tar({ name: "LICENSE" }), {}, ['has "LICENSE" twice']],
    ["one name in two cases", tar({ name: "License" }), {}, ['has "License" twice']],
    ["the same in a zip", zip([...files, file("a..b")]), {}, ['has two dots in the name "a..b"']],
    ["another bin", tarGz(files), { bin: "vouch" }, ['`bin` is "vouch", which is not in the archive']],
    [
      "a bin outside",
      tarGz(files),
      { bin: "../../x" },
      ['`bin` is "../../x", which is outside of its folder'],
    ],
    [
      "a folder as bin",
      tarGz([file("LICENSE"), file("kubectl-vouch/x")]),
      {},
      ['"kubectl-vouch" is no file'],
    ],
    [
      "no executable bit",
      tarGz([file("LICENSE"), file("kubectl-vouch")]),
      {},
      ['"kubectl-vouch" is not executable, so kubectl will not find it'],
    ],
    [
      "no executable bit in a zip",
      zip([file("LICENSE"), file("kubectl-vouch")]),
      { os: "darwin" },
      ['"kubectl-vouch" is not executable, so kubectl will not find it'],
    ],
    [
      "a script for Windows",
      zip(files),
      { os: "windows" },
      ['"kubectl-vouch" cannot be run on Windows: it is no .exe'],
    ],
    ["no licence", tarGz([file("kubectl-vouch", true)]), {}, ["no licence among kubectl-vouch"]],
    [
      "a licence by another name",
      tarGz([file("kubectl-vouch", true), file("LICENCE")]),
      {},
      ["no licence among LICENCE, kubectl-vouch"],
    ],
    [
      "a licence that is not moved",
      tarGz(files),
      { files: [{ from: "kubectl-vouch", to: "." }] },
      ["no licence among kubectl-vouch"],
    ],
    [
      "a glob for nothing",
      tarGz(files),
      { files: [{ from: "*.md", to: "." }] },
      ['no file in the archive matches "*.md"'],
    ],
    [
      "a glob that must not cross folders",
      tarGz([file("a/LICENSE")]),
      { files: [{ from: "a*E", to: "." }] },
      ['no file in the archive matches "a*E"'],
    ],
    [
      "a file moved out",
      tarGz(files),
      { files: [{ from: "*", to: "../x" }] },
      Array.from(files, () => '"*" would be moved out of its folder'),
    ],
    [
      "a file moved twice",
      tarGz(files),
      {
        files: [
          { from: "*", to: "." },
          { from: "LICENSE", to: "." },
        ],
      },
      ['no file in the archive matches "LICENSE"'],
    ],
  ];
  for (const [name, archive, choices, problems] of broken) {
    it(`is refused with ${name}`, () => assert.deepEqual(install(archive, choices), problems));
  }
});
