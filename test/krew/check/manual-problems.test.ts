import assert from "node:assert/strict";
import type { ArchiveFile } from "../../../krew/archive/entry.ts";
import { tarGz } from "../../../krew/archive/pack-tar.ts";
import { zip } from "../../../krew/archive/pack-zip.ts";
import { manualProblems } from "../../../krew/check/manual-problems.ts";
import { releaseProblems } from "../../../krew/check/release-problems.ts";
import { fakeFiles, fakeRelease } from "../../support/krew-release.ts";

const PAGE = "kubectl-vouch.1";

/** The files of an archive, with another manual page. */
function files(version: string, page?: Partial<ArchiveFile>): ArchiveFile[] {
  return fakeFiles(version, { os: "linux" }).flatMap((file) => {
    if (file.name !== PAGE) return [file];
    return page === undefined ? [] : [{ ...file, ...page }];
  });
}

describe("the manual page of an archive", () => {
  const check = (version: string, page?: Partial<ArchiveFile>, os = "linux") =>
    manualProblems(tarGz(files(version, page)), { os, version: "v1.2.0-rc.1" });

  it("is fine as we make it", () => {
    assert.deepEqual(check("1.2.0-rc.1", {}), []);
    assert.deepEqual(check("1.2.0-rc.1", undefined, "windows"), []);
  });

  it("may lie in a folder, for the manifest moves files", () => {
    assert.deepEqual(check("1.2.0-rc.1", { name: `vouch/${PAGE}` }), []);
    assert.equal(check("1.2.0-rc.1", { name: `vouch/${PAGE}` }, "windows").length, 1);
  });

  it("must be there, and on Windows must not", () => {
    assert.deepEqual(check("1.2.0-rc.1"), [
      "no kubectl-vouch.1 among LICENSE, THIRD_PARTY_NOTICES, kubectl-vouch, vouch-core",
    ]);
    assert.deepEqual(check("1.2.0-rc.1", {}, "windows"), [
      "kubectl-vouch.1 would be taken for a plugin, for it lies on the PATH",
    ]);
  });

  it("must be ours, of this version, and no program", () => {
    const bytes = Buffer.from('.TH "KUBECTL" "1" "" "kubectl 1.2.0" ""\n');
    assert.deepEqual(check("1.2.0-rc.1", { bytes }), ["kubectl-vouch.1 is no manual page of kubectl-vouch"]);
    assert.deepEqual(check("1.1.0", {}), ["kubectl-vouch.1 is of version v1.1.0, expected v1.2.0-rc.1"]);
    assert.deepEqual(check("1.2.0-rc.1", { executable: true }), [
      "kubectl-vouch.1 is executable, so kubectl would run it",
    ]);
  });

  it("is not looked for in what is no archive", () => {
    assert.deepEqual(manualProblems(Buffer.from("ELF"), { os: "linux", version: "v1.2.0" }), []);
  });

  it("is looked at for each platform", () => {
    const release = (add: (os: string) => readonly ArchiveFile[]) => {
      const { manifest, archives } = fakeRelease("0.1.0", (platform) => [
        ...fakeFiles("0.1.0", platform).filter(({ name }) => name !== PAGE),
        ...add(platform.os),
      ]);
      return releaseProblems({ fileName: "vouch.yaml", manifest, archive: (name) => archives.get(name) });
    };
    const page = files("0.1.0", {}).filter(({ name }) => name === PAGE);
    assert.deepEqual(
      release((os) => (os === "windows" ? [] : page)),
      [],
    );
    assert.equal(release(() => []).length, 4);
    assert.deepEqual(
      release(() => page).map((problem) => problem.split(":")[0]),
      ["windows_amd64", "windows_arm64"],
    );
  });
});

describe("zip and tar.gz", () => {
  it("are read alike", () => {
    for (const pack of [zip, tarGz])
      assert.deepEqual(manualProblems(pack(files("1.2.0", {})), { os: "darwin", version: "v1.2.0" }), []);
  });
});
