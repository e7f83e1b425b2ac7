/**
 * The real krew and a release of shell scripts: proves the tests of the real release before there is one, and that our
 * own check refuses all that krew refuses.
 */
import assert from "node:assert/strict";
import { hash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { parse, stringify } from "yaml";
import { archiveName } from "../../krew/archive/entry.ts";
import { tarGz } from "../../krew/archive/pack-tar.ts";
import { releaseProblems } from "../../krew/check/release-problems.ts";
import { PLATFORMS } from "../../krew/platforms.ts";
import { fakeFiles, fakeRelease, writeRelease } from "../support/krew-release.ts";
import { type TarParts, tarBytes } from "../support/tar-bytes.ts";
import { describeKrewLife } from "./krew-life.ts";
import { type KrewPerson, krewPerson } from "./krew-person.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-release-"));
writeRelease(folder, fakeRelease("0.1.0"));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

describeKrewLife("a release of shell scripts", () => folder);

/** biome-ignore lint/suspicious/noExplicitAny: broken on purpose, in every way. */
type Broken = any;

describe("our own check beside the real krew", () => {
  let person: KrewPerson;
  beforeEach(async () => {
    person = await krewPerson();
  });
  afterEach(() => person.leave());

  const linux = PLATFORMS[0] ?? assert.fail();
  const script = { name: "kubectl-vouch", content: "#!/bin/sh\n", mode: 0o755 };
  const others = fakeFiles("0.1.0", linux)
    .filter(({ executable }) => !executable)
    .map(({ name, bytes }) => ({ name, content: bytes.toString() }));
  const tar = (...entries: TarParts[]) => gzipSync(tarBytes([script, ...others, ...entries]));

  /** Whether each refuses: krew to install for linux/amd64, its validator the manifest, and we. */
  async function verdicts({
    version = "0.1.0",
    change,
    archive,
  }: Fault): Promise<{ krew: boolean; ours: boolean }> {
    const release = fakeRelease(version);
    const name = archiveName(version, linux);
    const manifest = parse(release.manifest) as Broken;
    const archives = new Map(release.archives);
    if (archive !== undefined) {
      archives.set(name, archive);
      manifest.spec.platforms[0].sha256 = hash("sha256", archive);
    }
    change?.(manifest);
    const text = stringify(manifest);
    const manifestFile = path.join(person.home, "vouch.yaml");
    const archiveFile = path.join(person.home, name);
    fs.writeFileSync(manifestFile, text);
    fs.writeFileSync(archiveFile, archives.get(name) ?? "");
    const install = await person.run(
      ["kubectl", "krew", "install", `--manifest=${manifestFile}`, `--archive=${archiveFile}`],
      { KREW_OS: "linux", KREW_ARCH: "amd64" },
    );
    const validate = await person.run(["validate-krew-manifest", "-skip-install", "-manifest", manifestFile]);
    const ours = releaseProblems({
      fileName: "vouch.yaml",
      manifest: text,
      archive: (one) => archives.get(one),
    });
    return { krew: install.status !== 0 || validate.status !== 0, ours: ours.length > 0 };
  }

  interface Fault {
    /** Of the release that is changed, without the `v`; 0.1.0 unless told. */
    readonly version?: string;
    readonly change?: (manifest: Broken) => void;
    readonly archive?: Buffer;
  }

  const refused: Record<string, Fault> = {
    "a wrong sum": { change: (m) => (m.spec.platforms[0].sha256 = "0".repeat(64)) },
    "a sum in capitals": {
      change: (m) => (m.spec.platforms[0].sha256 = m.spec.platforms[0].sha256.toUpperCase()),
    },
    "a sum that is a number": { change: (m) => (m.spec.platforms[0].sha256 = 11) },
    "another bin": { change: (m) => (m.spec.platforms[0].bin = "bin/kubectl-vouch") },
    "no v": { change: (m) => (m.spec.version = "0.1.0") },
    "half a version": { change: (m) => (m.spec.version = "v0.1") },
    "a leading zero": { change: (m) => (m.spec.version = "v0.01.0") },
    "another name": { change: (m) => (m.metadata.name = "vouch2") },
    "another kind": { change: (m) => (m.kind = "Pod") },
    "another apiVersion": { change: (m) => (m.apiVersion = "v1") },
    "no short description": { change: (m) => delete m.spec.shortDescription },
    "two lines of short description": { change: (m) => (m.spec.shortDescription = "a\nb") },
    "no platform": { change: (m) => (m.spec.platforms = []) },
    "another label": { change: (m) => (m.spec.platforms[5].selector.matchLabels.cpu = "x") },
    "an unknown processor": { change: (m) => (m.spec.platforms[5].selector.matchLabels.arch = "x86_64") },
    "one platform twice": { change: (m) => (m.spec.platforms[1].selector.matchLabels.arch = "amd64") },
    "not our platform": { change: (m) => m.spec.platforms.shift() },
    "empty files": { change: (m) => (m.spec.platforms[0].files = []) },
    "a glob for nothing": { change: (m) => (m.spec.platforms[0].files = [{ from: "*.md", to: "." }]) },
    "a path that is not clean": { change: (m) => (m.spec.platforms[0].files = [{ from: "*", to: "./x/" }]) },
    "a file moved out": { change: (m) => (m.spec.platforms[0].files = [{ from: "*", to: "../../x" }]) },
    "a symbolic link": { archive: tar({ name: "l", type: "2" }) },
    "a hard link": { archive: tar({ name: "l", type: "1" }) },
    "a name that leads out": { archive: tar({ name: "../x" }) },
    "two dots inside a name": { archive: tar({ name: "a..b" }) },
    "an absolute name": { archive: tar({ name: "/x" }) },
    "half an archive": { archive: gzipSync(tarBytes([script]).subarray(0, 520)) },
    xz: { archive: Buffer.from("fd377a585a000004", "hex") },
    "a bare program": { archive: Buffer.from("#!/bin/sh\n") },
  };
  for (const [fault, parts] of Object.entries(refused)) {
    it(`refuses ${fault}, as krew does`, async () => {
      assert.deepEqual(await verdicts(parts), { krew: true, ours: true });
    });
  }

  const taken: Record<string, Fault> = {
    "git's header": { archive: tar({ name: "pax_global_header", type: "g", content: "16 comment=abcd\n" }) },
    folders: { archive: tar({ name: "more/", type: "5", mode: 0o755 }, { name: "more/file", content: "x" }) },
    "files that are moved": {
      archive: tarGz(fakeFiles("0.1.0", linux).map((file) => ({ ...file, name: `vouch/${file.name}` }))),
      change: (m) => (m.spec.platforms[0].files = [{ from: "vouch/*", to: "." }]),
    },
    "a file that is renamed": {
      change: (m) => {
        m.spec.platforms[0].files = [
          { from: "kubectl-vouch", to: "bin/vouch" },
          { from: "L*", to: "." },
        ];
        m.spec.platforms[0].bin = "bin/vouch";
      },
    },
    "a pre-release": { version: "0.1.0-rc.1+build.5" },
    expressions: {
      change: (m) => {
        const values = ["arm64", "arm", "386"];
        m.spec.platforms[0].selector.matchLabels = { os: "linux" };
        m.spec.platforms[0].selector.matchExpressions = [
          { key: "arch", operator: "NotIn", values: [...values, "ppc64le"] },
        ];
      },
    },
  };
  for (const [thing, parts] of Object.entries(taken)) {
    it(`takes ${thing}, as krew does`, async () => {
      assert.deepEqual(await verdicts(parts), { krew: false, ours: false });
    });
  }

  const missed: Record<string, Fault> = {
    "no executable bit": {
      archive: tarGz(fakeFiles("0.1.0", linux).map((file) => ({ ...file, executable: false }))),
    },
    "no licence": { archive: gzipSync(tarBytes([script])) },
  };
  for (const [fault, parts] of Object.entries(missed)) {
    it(`refuses ${fault}, which krew installs`, async () => {
      assert.deepEqual(await verdicts(parts), { krew: false, ours: true });
    });
  }
});
