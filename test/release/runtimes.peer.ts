/**
 * The real Node of every target, from the cache folder that KUBECTL_VOUCH_RUNTIMES names (it is filled when it is empty),
 * before outside judges: readelf and osslsigncode.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { elfProblems } from "../../krew/binary/elf.ts";
import { withoutSymbols } from "../../krew/binary/elf-strip.ts";
import { machoProblems } from "../../krew/binary/macho.ts";
import { peProblems, withChecksum, withoutAuthenticode } from "../../krew/binary/pe.ts";
import { withSystemImports } from "../../krew/binary/pe-load-flags.ts";
import { PLATFORMS, type Platform, platformName } from "../../krew/platforms.ts";
import { fetchRuntime, type Lockfile } from "../../krew/runtimes.ts";
import { tempFolder } from "../support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

const UNTOUCHED = 'its fuse is in state "0", expected "1": no program was injected';

async function nodeOf({ runtime }: Platform): Promise<Buffer> {
  const cache = process.env["KUBECTL_VOUCH_RUNTIMES"];
  assert.ok(cache, "KUBECTL_VOUCH_RUNTIMES must name a folder");
  const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
  return (await fetchRuntime(runtime, { cache, lock })).node;
}

const platformsOf = (os: Platform["os"]) => PLATFORMS.filter((platform) => platform.os === os);

for (const platform of platformsOf("linux")) {
  describe(`the Node for ${platformName(platform)}`, () => {
    const folder = tempFolder();
    let node: Buffer;
    before(async () => {
      node = await nodeOf(platform);
    });

    it("is fit to ship but for the program it lacks", () => {
      assert.deepEqual(elfProblems(node, { arch: platform.arch, kind: "core" }), [UNTOUCHED]);
    });

    it("is smaller without symbols, and readelf finds nothing wrong and nothing loaded moved", () => {
      const file = path.join(folder(), "node");
      const bare = withoutSymbols(node);
      fs.writeFileSync(file, bare);
      assert.ok(node.length - bare.length > 15_000_000, `${node.length - bare.length} bytes smaller`);
      const readelf = (...args: string[]) =>
        execFileSync("readelf", [...args, file], { encoding: "utf8", stdio: "pipe", maxBuffer: 2 ** 26 });
      assert.doesNotMatch(readelf("--sections", "--wide"), /\.symtab|\.debug|\.comment|[Ww]arning/);
      const loads = (text: string) => text.split("\n").filter((line) => /^ {2}[A-Z_]+ +0x/.test(line));
      const after = loads(readelf("--segments", "--wide"));
      fs.writeFileSync(file, node);
      assert.deepEqual(after, loads(readelf("--segments", "--wide")));
      assert.ok(after.some((line) => line.includes("LOAD")));
    });

    it("asks for the glibc that readelf reads", () => {
      const file = path.join(folder(), "node");
      fs.writeFileSync(file, node);
      const text = execFileSync("readelf", ["--version-info", "--wide", file], {
        encoding: "utf8",
        maxBuffer: 2 ** 26,
      });
      const minors = [...text.matchAll(/Name: GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
      assert.equal(Math.max(...minors), 28);
    });
  });
}

for (const platform of platformsOf("windows")) {
  describe(`the Node for ${platformName(platform)}`, () => {
    const folder = tempFolder();
    let node: Buffer;
    before(async () => {
      node = await nodeOf(platform);
    });

    it("is signed by OpenJS over these very bytes", () => {
      const file = path.join(folder(), "node.exe");
      fs.writeFileSync(file, node);
      const said = spawnText("osslsigncode", ["verify", "-in", file]);
      const digests = [...said.matchAll(/message digest\s*: (\w{64})/g)].map(([, digest]) => digest);
      assert.equal(digests.length, 2);
      assert.equal(digests[0], digests[1]);
      assert.match(said, /Subject: .*OpenJS Foundation/);
    });

    it("is without its signature the same as osslsigncode makes it", () => {
      const [signed, bare] = [path.join(folder(), "node.exe"), path.join(folder(), "bare.exe")];
      fs.writeFileSync(signed, node);
      execFileSync("osslsigncode", ["remove-signature", "-in", signed, "-out", bare], { stdio: "pipe" });
      assert.ok(withoutAuthenticode(node).equals(fs.readFileSync(bare)));
    });

    it("is fit to ship but for its signature and the program it lacks", () => {
      assert.match(peProblems(node, platform).join("\n"), /^still points to a signature, \d+ bytes at \d+\n/);
      const bare = withChecksum(withSystemImports(withoutAuthenticode(node)));
      assert.deepEqual(peProblems(bare, platform), [UNTOUCHED]);
    });

    it("has in its header the checksum we calculate", () => {
      assert.ok(withChecksum(node).equals(node));
    });
  });
}

for (const platform of platformsOf("darwin")) {
  describe(`the Node for ${platformName(platform)}`, () => {
    const made = { arch: platform.arch, kind: "core", identifier: "kubectl-vouch" } as const;
    let node: Buffer;
    before(async () => {
      node = await nodeOf(platform);
    });

    it("matches every page hash of Node's signature, and is ours in nothing yet", () => {
      assert.deepEqual(machoProblems(node, made), [
        "has no segment NODE_SEA",
        "its signature has flags 0x10000, not those of ad hoc",
        'is signed as "node", expected "kubectl-vouch"',
        'is signed by team "HX7739G8FX", expected ad hoc',
        "is signed with a certificate, which no longer fits",
        UNTOUCHED,
      ]);
    });

    it("does not match with one bit changed, in code, data or symbols", () => {
      for (const part of [0.1, 0.5, 0.9]) {
        const at = Math.floor(node.length * part);
        const changed = Buffer.from(node);
        changed[at] = (changed[at] ?? 0) ^ 1;
        assert.match(
          machoProblems(changed, made).join("\n"),
          new RegExp(`^1 of \\d+ pages do not match their hash, the first at ${at - (at % 4096)}$`, "m"),
        );
      }
    });
  });
}

/** Everything a program says, however it ends. */
function spawnText(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    assert.ok(stdout !== undefined, (error as Error).message);
    return stdout + (stderr ?? "");
  }
}
