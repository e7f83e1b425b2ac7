/**
 * What the warm answer of the release in the folder that KUBECTL_VOUCH_RELEASE names touches and takes: one program,
 * three small files, no network, little memory. Needs strace, time, and root for a network of its own.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { hotTable, STATE } from "../support/hot-cases.ts";
import { type HotCall, layOut, onDisk } from "../support/hot-on-disk.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { layOutSource } from "../support/source-cases.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PLAIN = { name: "the plain warm call", answers: true };

/** Peak memory of a warm answer, in KiB. Source: krew/PACKAGING.md, "Launcher". */
const MAX_MEMORY_KIB = 4096;

/** What the token of a profile was made from, below the home. */
const SOURCE_FILES = [
  ...[".aws/config", ".aws/credentials", ".aws/sso/cache/0a1b.json", ".aws/login/cache/2c3d.json"],
  ...["other/credentials", "projected/token"],
];

const { launcher, core } = shipped();

describe("the warm answer that ships", () => {
  const root = tempFolder();
  const table = () => hotTable({ noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION });
  const call = () => layOut(root(), PLAIN, table());
  const byProfile = () => {
    const world = { noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION };
    return layOutSource(root(), { name: "", answers: true }, world);
  };
  const under = (tool: readonly string[], { args, env }: HotCall) =>
    runCommand([...tool, launcher, ...args], { env: { ...env, PATH: "/usr/sbin:/usr/bin:/bin" } });

  function answered({ status, stdout, stderr }: CommandResult): void {
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^\{"kind":"ExecCredential",.*"token":"k8s-aws-v1\.[^"]+"\}\}\n$/);
  }

  /** Every system call of the program and of all it would start. */
  async function systemCalls(made: HotCall): Promise<string[]> {
    const log = path.join(root(), "calls");
    answered(await under(["strace", "-f", "-qq", "-s", "4096", "-o", log], made));
    return fs
      .readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.replace(/^\d+ +/, ""));
  }

  /** The files that they name, each once. */
  const touched = (calls: readonly string[]) => {
    const files = calls
      .filter((line) => !/^(?:execve|write|p?read\w*)\(/.test(line))
      .flatMap((line) => [...line.matchAll(/"(\/[^"]*)"/g)].map(([, file = ""]) => file));
    return [...new Set(files)].toSorted();
  };

  const named = (calls: readonly string[], ...names: readonly string[]) =>
    calls.filter((line) => names.some((name) => line.startsWith(`${name}(`)));

  it("is one program, one thread, and no network", async () => {
    const calls = await systemCalls(call());
    assert.equal(named(calls, "execve", "execveat").length, 1);
    assert.deepEqual(
      named(calls, "fork", "vfork", "clone", "clone3", "socket", "connect", "bind", "sendto"),
      [],
    );
    assert.deepEqual(
      named(calls, "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "chmod"),
      [],
    );
  });

  it("looks at three files, those it knows by their names, and at no other", async () => {
    const made = call();
    const { tokenFile, markFile } = table();
    const ours = [`${STATE}/current.json`, tokenFile, markFile].map((file) => onDisk(root(), file));
    // The tracer is the parent, and another one each time.
    for (const calls of [await systemCalls(made), await systemCalls({ ...made })])
      assert.deepEqual(touched(calls), ours.toSorted());
  });

  it("looks, by an AWS profile, at those that its token was made from besides, and only whether they are the same", async () => {
    const calls = await systemCalls(byProfile());
    const home = path.join(root(), "home/ada");
    const ours = path.join(home, ".local/state/kubectl-vouch/");
    const { own = [], witnesses = [] } = Object.groupBy(touched(calls), (file) =>
      file.startsWith(ours) ? "own" : "witnesses",
    );
    assert.deepEqual(
      own.map((file) => file.slice(ours.length).replace(/[0-9a-f]{8}/, "NAME")),
      ["current.json", "marks/NAME.json", "profiles/token-NAME.json"],
    );
    assert.deepEqual(witnesses, SOURCE_FILES.map((file) => path.join(home, file)).toSorted());
    assert.ok(named(calls, "read", "pread64", "readv").length <= 6, calls.join("\n"));
  });

  it("asks for its memory in one call", async () => {
    const asked = named(await systemCalls(call()), "madvise");
    assert.match(asked.join(), /^madvise\(0x[0-9a-f]+, 262144, MADV_POPULATE_WRITE\) += 0$/);
  });

  it("is few system calls", async () => {
    for (const [most, make] of [
      [60, call],
      [80, byProfile],
    ] as const) {
      const calls = await systemCalls(make());
      assert.ok(calls.length < most, `${calls.length} calls:\n${calls.join("\n")}`);
      fs.rmSync(root(), { recursive: true });
      fs.mkdirSync(root());
    }
  });

  it("comes without any network", async () => {
    answered(await under(["unshare", "--net"], call()));
  });

  it(`takes less than ${MAX_MEMORY_KIB / 1024} MB`, async () => {
    const result = await under(["/usr/bin/time", "-f", "%M"], call());
    answered(result);
    assert.ok(Number(result.stderr) < MAX_MEMORY_KIB, `${result.stderr.trim()} KiB`);
  });

  it("takes less than 12 MB also from a file that is made to take much", async () => {
    const made = call();
    fs.writeFileSync(onDisk(root(), table().tokenFile), `[${'{"a":[],"b":{}},'.repeat(4000)}0]`, {
      mode: 0o600,
    });
    const stand = path.join(root(), "bin");
    fs.mkdirSync(stand);
    fs.copyFileSync(launcher, path.join(stand, "kubectl-vouch"));
    fs.writeFileSync(path.join(stand, "vouch-core"), "#!/bin/sh\nexit 77\n", { mode: 0o755 });
    const tool = ["/usr/bin/time", "-f", "%M", path.join(stand, "kubectl-vouch"), ...made.args];
    const { status, stderr } = await runCommand(tool, { env: made.env });
    assert.equal(status, 77);
    assert.ok(Number(stderr.split("\n").at(-2)) < 12 * 1024, stderr);
  });
});

/** What the system says of itself. */
const SYSTEM = /^(?:\/proc\/|\/sys\/fs\/cgroup\/|\/dev\/null$)/;

describe("the core that ships, in a command that needs nothing", () => {
  const root = tempFolder();

  it("opens no file but its own, the system's libraries and accounts", async () => {
    // One file for each thread: in a common one the calls of two are written into each other.
    const log = path.join(root(), "calls");
    const tool = ["strace", "-ff", "-qq", "-e", "trace=open,openat,socket,execve", "-o", log];
    const env = { HOME: root(), PATH: "/usr/bin:/bin" };
    const { status, stdout } = await runCommand([...tool, launcher, "version"], { env });
    assert.deepEqual([status, stdout], [0, `kubectl-vouch ${SHIPPED_VERSION}\n`]);
    const calls = fs
      .globSync(`${log}.*`)
      .map((file) => fs.readFileSync(file, "utf8"))
      .join("");
    assert.equal([...calls.matchAll(/execve\(/g)].length, 2, "the launcher, and what it became");
    assert.doesNotMatch(calls, /socket\(/);
    const opened = [...calls.matchAll(/open(?:at)?\([^"]*"([^"]*)"[^)]*\) += +\d/g)].map(
      ([, file = ""]) => file,
    );
    const libraries = /^(?:\/lib|\/usr\/lib|\/etc\/ld\.so)/;
    assert.ok(opened.some((file) => libraries.test(file)));
    const others = opened.filter((file) => !libraries.test(file) && !SYSTEM.test(file));
    // V8 maps its own code a second time where the first lies too far away, which the system decides by lot.
    assert.deepEqual(
      others.filter((file) => file !== core),
      [],
    );
  });
});
