/**
 * The files for linux/arm64 of the release in the folder that KUBECTL_VOUCH_RELEASE names, emulated. Needs Debian's
 * qemu-user-static, libc6-arm64-cross, libstdc++6-arm64-cross and libgcc-s1-arm64-cross.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { bundleCore, type CoreBundle } from "../../krew/core/bundle-core.ts";
import { PLATFORMS } from "../../krew/platforms.ts";
import { fetchRuntime, type Lockfile } from "../../krew/runtimes.ts";
import { madeCaches, refusedCaches } from "../support/code-caches.ts";
import { hotTable } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { runBytes } from "../support/run-bytes.ts";
import { HERE, SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { layOutSource } from "../support/source-cases.ts";
import { changeInPlace } from "../support/source-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const ARM64 = PLATFORMS.find(({ node }) => node === "linux-arm64") ?? assert.fail("arm64 is no platform");
const EMULATOR = ["/usr/bin/qemu-aarch64-static", "-L", "/usr/aarch64-linux-gnu"];
const PLAIN = { name: "the plain warm call", answers: true };

const arm64 = shipped(ARM64);
const here = shipped(HERE);

describe("the launcher for arm64", () => {
  const root = tempFolder();
  const standIn = () => {
    const own = path.join(root(), "kubectl-vouch");
    fs.copyFileSync(arm64.launcher, own);
    const script = "#!/bin/sh\necho \"core $*\"; tr '\\0' '\\n' </proc/$$/environ; exit 77\n";
    fs.writeFileSync(path.join(root(), "vouch-core"), script, { mode: 0o755 });
    return own;
  };

  it("gives the warm answer once, as the one of this machine does, and then becomes the core", () => {
    const own = standIn();
    const table = hotTable({ noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION });
    const { args, env } = layOut(root(), PLAIN, table);
    const answer = runBytes([...EMULATOR, own, ...args], { env });
    assert.deepEqual([answer.status, answer.stderr], [0, ""]);
    const second = runBytes([...EMULATOR, own, ...args], { env });
    assert.deepEqual([second.status, second.stdout.split("\n")[0]], [77, `core ${args.join(" ")}`]);
    fs.rmSync(onDisk(root(), table.markFile));
    assert.equal(answer.stdout, runBytes([here.launcher, ...args], { env }).stdout);
  });

  it("gives a token by an AWS profile while its files are the same, as the one of this machine does", () => {
    const own = standIn();
    const world = { noon: Date.now(), parentId: 0, version: SHIPPED_VERSION };
    const { args, env } = layOutSource(root(), { name: "", answers: true }, world);
    const script = { ...env, KUBERNETES_EXEC_INFO: "" };
    const answer = runBytes([...EMULATOR, own, ...args], { env: script });
    assert.deepEqual([answer.status, answer.stderr], [0, ""]);
    assert.equal(answer.stdout, runBytes([here.launcher, ...args], { env: script }).stdout);
    changeInPlace(path.join(env["HOME"] ?? "", ".aws/config"));
    assert.equal(runBytes([...EMULATOR, own, ...args], { env: script }).status, 77);
  });

  it("gives the core a cleaned environment", () => {
    const { stdout } = runBytes([...EMULATOR, standIn(), "x"], { env: { NODE_OPTIONS: "a", KEPT: "b" } });
    // The emulator brings the variables in an order of its own.
    const expected = ["KEPT=b", "KUBECTL_VOUCH_DROPPED_NODE_OPTIONS=a", "core x"];
    assert.deepEqual(stdout.trim().split("\n").toSorted(), expected);
  });

  it("leaves broken files to the core", () => {
    const own = standIn();
    const table = hotTable({ noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION });
    for (const text of ["[".repeat(60_000), "", "{", "\0"]) {
      const { args, env } = layOut(root(), PLAIN, table);
      fs.writeFileSync(onDisk(root(), table.tokenFile), text);
      const { status, stderr } = runBytes([...EMULATOR, own, ...args], { env });
      assert.deepEqual([status, stderr], [77, ""]);
    }
  });
});

describe("the core for arm64", () => {
  const root = tempFolder();

  it("says what the one of this machine says", () => {
    const env = () => ({ HOME: root(), PATH: "/usr/bin:/bin" });
    for (const words of [["version"], ["--help"], ["explain", "E3"], ["frobnicate"]]) {
      const result = runBytes([...EMULATOR, arm64.core, ...words], { env: env() });
      assert.deepEqual(result, runBytes([here.core, ...words], { env: env() }), words.join(" "));
    }
  });

  it("takes no options for Node", () => {
    const env = { HOME: root(), NODE_OPTIONS: "--require /nowhere", OPENSSL_CONF: "/nowhere" };
    const { status, stdout, stderr } = runBytes([...EMULATOR, arm64.core, "version"], { env });
    assert.deepEqual([status, stdout, stderr], [0, `kubectl-vouch ${SHIPPED_VERSION}\n`, ""]);
  });

  it("loads its addon", () => {
    const env = { HOME: root(), PATH: "/usr/bin:/bin" };
    const words = ["login", "--server", "https://127.0.0.1:1", "--pin-stdin", "--key-store", "keyring"];
    const { status, stderr } = runBytes([...EMULATOR, arm64.core, ...words], { env });
    assert.equal(status, 6);
    // It was loaded: what it misses is the service behind it.
    assert.match(stderr, /\[key-store-failed\]\n/);
    assert.doesNotMatch(stderr, /ERR_DLOPEN|\.so|cannot open/);
  });

  describe("has code caches", () => {
    let bundle: CoreBundle;
    let node: string[];
    before(async () => {
      bundle = await bundleCore({ version: SHIPPED_VERSION });
      const home = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
      const lock = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")) as Lockfile;
      const cache = path.join(home, "kubectl-vouch-release/packages");
      const file = path.join(arm64.folder, "node");
      fs.writeFileSync(file, (await fetchRuntime(ARM64.runtime, { cache, lock })).node, { mode: 0o755 });
      node = [...EMULATOR, file];
    });

    it("that its Node takes, all of them, and that are the shipped ones", async () => {
      const caches = await madeCaches(bundle, root(), node);
      assert.ok(caches.size > 30, `${caches.size} caches`);
      const core = fs.readFileSync(arm64.core);
      assert.deepEqual(
        [...caches].filter(([, cache]) => !core.includes(cache)).map(([name]) => name),
        [],
      );
      assert.deepEqual(await refusedCaches(bundle, root(), node), []);
    });
  });
});
