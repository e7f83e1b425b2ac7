/**
 * The archives for macOS of the release in the folder that KUBECTL_VOUCH_RELEASE names: what macOS checks before it loads code. No
 * Mac is used. The second judge is rcodesign, which computes hashes without reading the signature.
 */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { archiveName } from "../../krew/archive/entry.ts";
import { readCodeDirectory, readSignature, SLOT } from "../../krew/binary/code-directory.ts";
import { addonProblems } from "../../krew/binary/macho.ts";
import { readMacho } from "../../krew/binary/macho-file.ts";
import { PLATFORMS, type Platform, platformName } from "../../krew/platforms.ts";
import { readArchive } from "../support/archive/read.ts";
import { demandedRelease, HERE, SHIPPED_VERSION } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const CACHE = path.join(
  process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache"),
  "kubectl-vouch-release",
);
const RCODESIGN = path.join(CACHE, "rcodesign-0.29.0/bin/rcodesign");
const MACS = PLATFORMS.filter((platform) => platform.os === "darwin");
const MACHO = Buffer.from("cffaedfe", "hex");

function filesOf(release: string, platform: Platform): ReadonlyMap<string, Buffer> {
  const archive = fs.readFileSync(path.join(release, archiveName(SHIPPED_VERSION, platform)));
  return new Map(readArchive(archive).map(({ name, bytes }) => [name, bytes]));
}

/** The Mach-O files inside a core: each ends where its last segment does. */
function addonsIn(core: Buffer): Buffer[] {
  const addons: Buffer[] = [];
  for (let at = core.indexOf(MACHO, 4); at >= 0; at = core.indexOf(MACHO, at + 4)) {
    try {
      const { segments, fileType } = readMacho(core.subarray(at));
      const { offset = 0, size = 0 } = segments.at(-1) ?? {};
      if (fileType === 6 || fileType === 8) addons.push(core.subarray(at, at + offset + size));
    } catch {
      // These four bytes are also a constant in code.
    }
  }
  return addons;
}

for (const platform of MACS) {
  describe(`the archive for ${platformName(platform)}`, () => {
    const folder = tempFolder();
    let addons: Buffer[];
    before(() => {
      addons = addonsIn(
        filesOf(demandedRelease(), platform).get("vouch-core") ?? assert.fail("it has no core"),
      );
    });

    it("has no addon that macOS would not load", () => {
      assert.deepEqual(
        addons.map((addon) => addonProblems(addon, platform.arch)),
        [[], []],
      );
    });

    it("has in each addon's signature the hashes that rcodesign computes", () => {
      for (const addon of addons) {
        const file = path.join(folder(), "addon.node");
        fs.writeFileSync(file, addon);
        const [place = assert.fail()] = readMacho(addon).signatures;
        const { blobs } = readSignature(addon.subarray(place.offset, place.offset + place.size));
        const best = blobs.get(SLOT.alternateCodeDirectory) ?? blobs.get(SLOT.codeDirectory);
        const { pageHashes, pageSize } = readCodeDirectory(best ?? assert.fail());
        const words = ["compute-code-hashes", "--hash", "sha256", "--page-size", String(pageSize), file];
        const computed = execFileSync(RCODESIGN, words, { encoding: "utf8", stdio: "pipe" });
        assert.deepEqual(
          computed.match(/[0-9a-f]{64}/g),
          pageHashes.map((digest) => digest.toString("hex")),
        );
      }
    });
  });
}

describe("code caches", () => {
  it("are only where the very Node of the target made them", () => {
    const hasCaches = (platform: Platform) =>
      [...filesOf(demandedRelease(), platform).values()].some((bytes) => bytes.includes(".mjs.cache"));
    const foreign = PLATFORMS.filter(({ os: system }) => system !== "linux");
    assert.equal(hasCaches(HERE), true);
    assert.deepEqual(foreign.filter(hasCaches), []);
  });
});

describe("signing with a Developer ID", () => {
  const folder = tempFolder();

  it("leaves fit programs, entitled as they need, and right sums, with a certificate that only looks like one", () => {
    const release = path.join(folder(), "release");
    fs.cpSync(demandedRelease(), release, { recursive: true });
    const certificate = path.join(folder(), "id.p12");
    const passwordFile = path.join(folder(), "password");
    fs.writeFileSync(passwordFile, "x");
    const person = ["--profile", "developer-id-application", "--person-name", "Ada"];
    const key = ["--p12-file", certificate, "--p12-password", "x"];
    execFileSync(RCODESIGN, ["generate-self-signed-certificate", ...person, ...key], { stdio: "pipe" });

    const program = path.resolve(import.meta.dirname, "../../krew/sign-release.ts");
    const id = ["--signer", RCODESIGN, "--certificate", certificate, "--password-file", passwordFile];
    const { status, stderr } = spawnSync(process.execPath, [program, "--release", release, ...id], {
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);

    execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: release, stdio: "pipe" });
    const sums = fs.readFileSync(path.join(release, "SHA256SUMS"), "utf8");
    const manifest = fs.readFileSync(path.join(release, "vouch.yaml"), "utf8");
    for (const [, sum = ""] of sums.matchAll(/^(\w+) .*darwin/gm)) assert.ok(manifest.includes(sum));
    for (const platform of MACS) {
      for (const [name, entitled] of Object.entries({ "kubectl-vouch": false, "vouch-core": true })) {
        const file = path.join(folder(), name);
        fs.writeFileSync(file, filesOf(release, platform).get(name) ?? "");
        const facts = execFileSync(RCODESIGN, ["print-signature-info", file], {
          encoding: "utf8",
          stdio: "pipe",
        });
        assert.match(facts, /CodeSignatureFlags\(RUNTIME\)/);
        assert.equal(/cs\.allow-jit/.test(facts), entitled);
        assert.doesNotMatch(facts, /get-task-allow/);
      }
    }
  });
});
