/**
 * What lies inside the core of the release in the folder that KUBECTL_VOUCH_RELEASE names: native addons and code caches.
 * Needs root to take folders away.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { bundleCore, type CoreBundle } from "../../krew/core/bundle-core.ts";
import { LAB_PIN, type Lab, startLab } from "../lab/lab.ts";
import { madeCaches, refusedCaches } from "../support/code-caches.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";

const { folder, launcher, core } = shipped();

describe("the native addon inside the core", () => {
  const root = tempFolder();
  let lab: Lab;
  before(async () => {
    lab = await startLab();
  });
  after(() => lab.close());

  const places = ["/dev/shm", "/tmp", "/var/tmp", "/run"];
  /** Addons, and files without a folder of their own: other tests, which run at the same time, have folders. */
  const listing = () =>
    new Set(
      places.flatMap((place) =>
        fs.globSync(["*", "*/*.node"], { cwd: place, withFileTypes: true }).flatMap((entry) => {
          const isLeft = entry.isFile() && /vouch|\.node$|#/.test(entry.name);
          return isLeft ? [path.join(entry.parentPath, entry.name)] : [];
        }),
      ),
    );
  const environment = (more: Readonly<Record<string, string>> = {}) => {
    const { PATH: _path, ...env } = lab.env;
    const temp = path.join(root(), "temp");
    fs.mkdirSync(temp, { recursive: true });
    return { ...env, HOME: root(), PATH: "/usr/bin:/bin", TMPDIR: temp, ...more };
  };
  const LOGIN = ["login", "--pin-stdin"];

  /** Logs in as far as waiting for a key, which there is none of, with whatever store works; then tells what is loaded. */
  async function loadedFiles(
    command: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<string[]> {
    const child = spawn(command[0] ?? "", command.slice(1), { env, stdio: "pipe" });
    try {
      child.stdin.end(`${LAB_PIN}\n`);
      await saidBy(child, /Plug in your security key/);
      const maps = fs.readFileSync(`/proc/${child.pid}/maps`, "utf8");
      return [...new Set([...maps.matchAll(/ r-xp .* (\/\S+ \(deleted\))$/gm)].map(([, file = ""]) => file))];
    } finally {
      if (child.kill("SIGINT")) await once(child, "exit");
    }
  }

  for (const [way, program] of Object.entries({ launcher, core })) {
    it(`loads by a real login, from a file without a name, and none is left: started as the ${way}`, async () => {
      const before = listing();
      const files = await loadedFiles([program, ...LOGIN], environment());
      assert.equal(files.length, 1, files.join("\n"));
      for (const file of files) assert.match(file, /^\/dev\/shm\/#\d+ \(deleted\)$/);
      assert.deepEqual(
        [...listing()].filter((file) => !before.has(file)),
        [],
      );
      assert.deepEqual(fs.readdirSync(path.join(root(), "temp")), []);
    });
  }

  it("loads from the session's own folder where there is one", async () => {
    const runtime = path.join(root(), "runtime");
    fs.mkdirSync(runtime, { mode: 0o700 });
    const files = await loadedFiles([launcher, ...LOGIN], environment({ XDG_RUNTIME_DIR: runtime }));
    assert.equal(files.filter((file) => file.startsWith(`${runtime}/#`)).length, 1, files.join("\n"));
    assert.deepEqual(fs.readdirSync(runtime), []);
  });

  /** The launcher in a system of its own, in which a line of the shell has changed the folders. */
  const changed = (line: string, words: readonly string[]) => [
    "unshare",
    "--mount",
    "/bin/sh",
    "-c",
    `${line} && exec "$0" "$@"`,
    launcher,
    ...words,
  ];
  const login = (command: readonly string[]): Promise<CommandResult> =>
    runCommand(command, { env: environment(), stdin: `${LAB_PIN}\n` });

  const closed = {
    "no program may run from": "mount -t tmpfs -o noexec none /dev/shm",
    "nothing may be written to": "mount -t tmpfs -o ro none /dev/shm",
    "is too small": "mount -t tmpfs -o size=64k none /dev/shm",
  };
  for (const [what, line] of Object.entries(closed)) {
    it(`loads elsewhere when a folder is one that ${what}`, async () => {
      const env = environment();
      const files = await loadedFiles(changed(line, LOGIN), env);
      assert.equal(files.filter((file) => file.startsWith(env.TMPDIR)).length, 1, files.join("\n"));
      assert.deepEqual(fs.readdirSync(env.TMPDIR), []);
    });
  }

  const NOWHERE = 'mount -t tmpfs -o noexec none /dev/shm && mount -t tmpfs -o ro none "$TMPDIR"';

  it("is refused in one clear error where there is no place at all", async () => {
    const { status, stdout, stderr } = await login(changed(NOWHERE, [...LOGIN, "--key-store", "keyring"]));
    assert.deepEqual([status, stdout], [6, ""]);
    assert.match(
      stderr,
      /^error: The keyring cannot be used: \/dev\/shm: .*failed to map segment.*; .*\/temp: EROFS: .* \[key-store-failed\]\n.*`/m,
    );
    assert.doesNotMatch(stderr, /^\s+at |This is a bug/m);
  });

  it("is not needed: without a place for it secrets are kept in files", async () => {
    const { status, stderr } = await login(changed(NOWHERE, [...LOGIN, "--timeout", "1"]));
    assert.equal(status, 3);
    assert.match(stderr, /Plug in your security key.*\[security-key-missing\]/s);
  });

  it("serves a user who has nothing but a home", async () => {
    fs.chmodSync(root(), 0o755);
    fs.chmodSync(folder, 0o755);
    const home = path.join(root(), "home");
    fs.mkdirSync(home);
    fs.chownSync(home, 65534, 65534);
    const ca = path.join(root(), "ca.pem");
    fs.copyFileSync(lab.env["VOUCH_CA_BUNDLE"] ?? "", ca);
    fs.chmodSync(ca, 0o644);
    const env = environment({ HOME: home, TMPDIR: "/nowhere", VOUCH_CA_BUNDLE: ca, AWS_CA_BUNDLE: ca });
    const asNobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
    const files = await loadedFiles([...asNobody, launcher, ...LOGIN], env);
    assert.equal(files.length, 1, files.join("\n"));
    const locked = { ...env, HOME: root() };
    const refused = await runCommand([...asNobody, launcher, ...LOGIN], {
      env: locked,
      stdin: `${LAB_PIN}\n`,
    });
    assert.equal(refused.status, 6, refused.stderr);
    assert.match(
      refused.stderr,
      /^error: .* \[(?:file-unwritable|file-unreadable|directory-unsafe)\]\n[A-Z]/m,
    );
    assert.doesNotMatch(refused.stderr, /^\s+at |This is a bug/m);
  });
});

describe("the code caches inside the core", () => {
  const root = tempFolder();
  let bundle: CoreBundle;
  before(async () => {
    bundle = await bundleCore({ version: SHIPPED_VERSION });
  });

  it("are those that these sources give, byte for byte", async () => {
    const caches = await madeCaches(bundle, root(), [process.execPath]);
    assert.ok(caches.size > 30, `${caches.size} caches`);
    const shippedCore = fs.readFileSync(core);
    const missing = [...caches].filter(([, cache]) => !shippedCore.includes(cache)).map(([name]) => name);
    assert.deepEqual(missing, []);
    for (const [name, text] of bundle.chunks) assert.ok(shippedCore.includes(text), name);
  });

  it("are taken by the Node they are for, all of them, and by no other version of V8's flags", async () => {
    await madeCaches(bundle, root(), [process.execPath]);
    assert.deepEqual(await refusedCaches(bundle, root(), [process.execPath]), []);
    const other = await refusedCaches(bundle, root(), [process.execPath, "--no-opt"]);
    assert.ok(other.length > 30, "the test would see it");
  });

  it("make no difference to what is said, and Node does not complain of them", async () => {
    for (const words of [["version"], ["explain", "E3"], ["status"], ["doctor", "--offline"]]) {
      const { stderr } = await runCommand([launcher, ...words], {
        env: { HOME: root(), PATH: "/usr/bin:/bin" },
      });
      assert.doesNotMatch(stderr, /cache|Warning/i, words.join(" "));
    }
  });
});

/** Waits until a process has said this; fails when it ends before. */
function saidBy(child: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (text: Buffer) => {
      said += text.toString();
      if (words.test(said)) resolve();
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("exit", (status) => reject(new Error(`it ended with ${status} and said: ${said}`)));
  });
}
