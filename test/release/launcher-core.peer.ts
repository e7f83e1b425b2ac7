/**
 * How the launcher of the release in the folder that KUBECTL_VOUCH_RELEASE names becomes the core: which one, with which
 * words and variables, and what it says when it cannot. A stand-in tells how it was started.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { CODE_INJECTION_PREFIXES, CODE_INJECTION_VARIABLES, DROPPED_PREFIX } from "../../token/hot/gate.ts";
import { type BytesOptions, runBytes, runShell } from "../support/run-bytes.ts";
import { shipped } from "../support/shipped-files.ts";
import { type CoreStart, compileStandIn, coreStart, STAND_IN_STATUS } from "../support/stand-in-core.ts";
import { tempFolder } from "../support/temp-folder.ts";

const { launcher, core } = shipped();
before(() => {
  fs.rmSync(core);
  compileStandIn(core);
});

/** The stand-in's account of a run in which nothing was said. */
function started(result: ReturnType<typeof runBytes>): CoreStart {
  assert.deepEqual([result.status, result.signal, result.stderr], [STAND_IN_STATUS, null, ""]);
  return coreStart(result) ?? assert.fail("the core did not run");
}

describe("the core that the launcher becomes", () => {
  const root = tempFolder();

  it("is the one beside the launcher's real file, also through links as krew makes them", () => {
    fs.mkdirSync(path.join(root(), "bin"));
    const link = path.join(root(), "bin", "kubectl-vouch");
    fs.symlinkSync(launcher, link);
    const second = path.join(root(), "link-to-link");
    fs.symlinkSync("bin/kubectl-vouch", second);
    plantDecoys(root(), path.join(root(), "bin"));
    for (const program of [launcher, link, second]) {
      assert.deepEqual(started(runBytes([program, "status"])).words, [program, "status"]);
    }
  });

  it("is the same from any folder, by relative path and by PATH, and hears the name that was typed", () => {
    plantDecoys(root());
    const cwd = root();
    fs.symlinkSync(launcher, path.join(root(), "kubectl-vouch"));
    const relative = path.relative(root(), launcher);
    assert.deepEqual(started(runBytes([relative, "x"], { cwd })).words, [relative, "x"]);
    assert.deepEqual(started(runBytes(["./kubectl-vouch"], { cwd })).words, ["./kubectl-vouch"]);
    const env = { PATH: `${root()}:/usr/bin:/bin` };
    assert.deepEqual(started(runShell("exec kubectl-vouch x", [], { env, cwd: "/" })).words, [
      "kubectl-vouch",
      "x",
    ]);
    for (const argv0 of ["", "-kubectl-vouch", "/elsewhere/kubectl-vouch", "vouch-core", "ünï"]) {
      const name = Buffer.from(argv0).toString("latin1");
      assert.deepEqual(started(runBytes([launcher, "x"], { cwd, argv0 })).words, [name, "x"]);
    }
  });

  it("is the same from a folder that is gone", () => {
    const line = 'mkdir gone && cd gone && rmdir "$PWD" && exec "$0" status';
    assert.deepEqual(started(runShell(line, [launcher], { cwd: root() })).words, [launcher, "status"]);
  });

  it("is the same while the launcher is replaced by another version", () => {
    const own = installed(root());
    fs.renameSync(own, `${own}.old`);
    fs.symlinkSync(`${own}.old`, own);
    started(runBytes([own]));
  });

  it("gets many and large words as they are, empty ones too", () => {
    const words = [
      ...["", " ", "'", '"', "\\", "*", "$HOME", "--", "-x", "a=b", "\n", "--node-options=--require=/x"],
      ...Array.from({ length: 12 }, (_, index) => String(index).repeat(100_000).slice(0, 100_000)),
      ...Array.from({ length: 5000 }, (_, index) => `word-${index}`),
    ];
    assert.deepEqual(started(runBytes([launcher, ...words])).words, [launcher, ...words]);
  });

  it("tells its own exit status, and the signal it dies of", () => {
    const own = installed(root(), "#!/bin/sh\nexit $1\n");
    for (const status of [0, 1, 6, 70, 130, 255]) {
      assert.equal(runBytes([own, String(status)]).status, status);
    }
    const killed = installed(path.join(root(), "two"), "#!/bin/sh\nkill -TERM $$\n");
    assert.equal(runBytes([killed]).signal, "SIGTERM");
  });

  it("keeps the process: its number, parent, streams, signals, limits, and no file more", () => {
    // Not SigQ: it counts the signals that are queued for the user, of every process.
    const script =
      "#!/bin/sh\necho $$ $PPID; cat; ulimit -n; umask; grep '^Sig[^Q]' /proc/self/status; ls /proc/$$/fd\n";
    const own = installed(root(), script);
    const input = path.join(root(), "input");
    fs.writeFileSync(input, "in\n");
    const run = (program: string) => {
      const line = 'umask 027; ulimit -n 999; trap \'\' HUP; echo $$ $PPID; exec "$0" <"$1"';
      const { stdout } = runShell(line, [program, input]);
      const [, before, after] = /^(\d+ \d+)\n(\d+ \d+)\n/.exec(stdout) ?? assert.fail(stdout);
      assert.equal(after, before);
      return stdout.split("\n").slice(2);
    };
    const through = run(own);
    assert.deepEqual(through, run(path.join(root(), "vouch-core")));
    assert.deepEqual(through.slice(0, 3), ["in", "999", "0027"]);
  });

  /** A launcher beside a core of this content, in a folder of its own. */
  function installed(folder: string, content?: string): string {
    fs.mkdirSync(folder, { recursive: true });
    const own = path.join(folder, "kubectl-vouch");
    fs.copyFileSync(launcher, own);
    if (content === undefined) fs.copyFileSync(core, path.join(folder, "vouch-core"));
    else fs.writeFileSync(path.join(folder, "vouch-core"), content, { mode: 0o755 });
    return own;
  }
});

/** Programs by our names where a careless launcher would look. */
function plantDecoys(...folders: readonly string[]): void {
  for (const name of folders.flatMap((folder) =>
    ["vouch-core", "node", "sh"].map((program) => path.join(folder, program)),
  )) {
    fs.writeFileSync(name, "#!/bin/echo decoy\n", { mode: 0o755 });
  }
}

describe("the environment that the launcher gives the core", () => {
  const environment = (env: Record<string, string>, options: BytesOptions = {}) =>
    started(runBytes([launcher], { ...options, env })).variables;

  it("is empty when ours is", () => {
    assert.deepEqual(environment({}), []);
  });

  for (const name of [
    ...CODE_INJECTION_PREFIXES.map((prefix) => `${prefix}X`),
    ...CODE_INJECTION_VARIABLES,
  ]) {
    it(`has ${name} only as data`, () => {
      assert.deepEqual(environment({ [name]: "va=lue\n" }), [`${DROPPED_PREFIX}${name}=va=lue\n`]);
      assert.deepEqual(environment({ [name]: "" }), [`${DROPPED_PREFIX}${name}=`]);
    });
  }

  it("has no turning variable of those we know by their names", () => {
    const names = [
      ...["NODE_OPTIONS", "NODE_EXTRA_CA_CERTS", "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_V8_COVERAGE"],
      ...["NODE_REDIRECT_WARNINGS", "NODE_DEBUG", "NODE_DEBUG_NATIVE", "NODE_REPL_EXTERNAL_MODULE"],
      ...["NODE_COMPILE_CACHE", "NODE_PATH", "NODE_USE_ENV_PROXY", "NODE_USE_SYSTEM_CA", "NODE_ICU_DATA"],
      ...["NODE_CHANNEL_FD", "NODE_UNIQUE_ID", "NODE_TEST_CONTEXT", "UV_THREADPOOL_SIZE"],
      ...["OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES", "OPENSSL_ia32cap"],
      ...["LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT", "DYLD_INSERT_LIBRARIES"],
    ];
    const given = Object.fromEntries(names.map((name) => [name, "x"]));
    const expected = names.map((name) => `${DROPPED_PREFIX}${name}=x`);
    assert.deepEqual(environment(given).toSorted(), expected.toSorted());
  });

  it("has what only looks like one as it is, in its order", () => {
    const given = {
      NODE: "1",
      NODES_X: "2",
      node_options: "3",
      XNODE_OPTIONS: "4",
      LDX: "5",
      UV: "6",
      SSLKEYLOGFILE2: "7",
      ICU_DATA_X: "8",
      OPENSSL: "9",
      SSL_CERT_FILE: "10",
      HTTPS_PROXY: "11",
      KUBECTL_VOUCH_X: "12",
      HOME: "/home/ada",
      PATH: "/bin",
    };
    assert.deepEqual(
      environment(given),
      Object.entries(given).map(([name, value]) => `${name}=${value}`),
    );
  });

  it("has no word from outside on what was dropped", () => {
    const outside = { [`${DROPPED_PREFIX}LD_PRELOAD`]: "x", [`${DROPPED_PREFIX}`]: "y", KEPT: "1" };
    assert.deepEqual(environment({ ...outside, NODE_OPTIONS: "z" }), [
      "KEPT=1",
      `${DROPPED_PREFIX}NODE_OPTIONS=z`,
    ]);
  });

  it("arrives byte for byte, also where it is no UTF-8, no name or no pair, or comes twice", () => {
    const script = [
      "import ctypes,os,sys",
      "words=(ctypes.c_char_p*2)(sys.argv[1].encode(),None)",
      "texts=[b'A=\\xff\\xfe',b'\\xc0=b',b'no pair',b'=x',b'NODE_OPTIONS=1',b'NODE_OPTIONS=2\\xff',b'NODE_',b'A=2',b'a b=c']",
      "env=(ctypes.c_char_p*(len(texts)+1))(*texts,None)",
      "ctypes.CDLL(None).execve(sys.argv[1].encode(),words,env)",
    ].join("\n");
    const { variables } = started(runBytes(["/usr/bin/python3", "-c", script, launcher]));
    assert.deepEqual(variables, [
      ...["A=\xff\xfe", "\xc0=b", "no pair", "=x"],
      ...[`${DROPPED_PREFIX}NODE_OPTIONS=1`, `${DROPPED_PREFIX}NODE_OPTIONS=2\xff`, `${DROPPED_PREFIX}NODE_`],
      ...["A=2", "a b=c"],
    ]);
  });

  it("arrives when it is large", () => {
    const large = "x".repeat(100_000);
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`V${index}`, "y"]));
    const variables = environment({ LARGE: large, NODE_LARGE: large, ...many });
    assert.equal(variables.length, 3002);
    assert.ok(variables.includes(`LARGE=${large}`));
    assert.ok(variables.includes(`${DROPPED_PREFIX}NODE_LARGE=${large}`));
  });
});

describe("a core that cannot be used", () => {
  const root = tempFolder();
  /** A name that a careless shell would take apart. */
  const folder = () => path.join(root(), "it's here $(touch x) `y`");
  const own = () => path.join(folder(), "kubectl-vouch");
  const brokenCore = () => path.join(folder(), "vouch-core");
  beforeEach(() => {
    fs.mkdirSync(folder());
    fs.copyFileSync(launcher, own());
    fs.copyFileSync(core, brokenCore());
  });

  /** What it says: status 6, nothing on standard output, two lines, with the file, a code and a command to paste. */
  function refusal() {
    const { status, signal, stdout, stderr } = runBytes([own(), "status"]);
    assert.deepEqual([status, signal, stdout], [6, null, ""]);
    const [, file, what, code] =
      /^error: (\S.*vouch-core) (.+)\. \[(core-[a-z]+)\]\n/.exec(stderr) ?? assert.fail(stderr);
    const [, command] = /\n[A-Z].*: `(.*)`[^`]*\n$/.exec(stderr) ?? assert.fail(stderr);
    assert.equal(stderr.split("\n").length, 3, stderr);
    assert.equal(file, Buffer.from(brokenCore()).toString("latin1"));
    return { what, code, paste: () => runShell(`cd /; ${command}`, [], { env: { PATH: "/usr/bin:/bin" } }) };
  }
  const said = ({ what, code }: ReturnType<typeof refusal>) => [what, code];

  it("is missing", () => {
    fs.rmSync(brokenCore());
    const missing = ["not found; it must be next to kubectl-vouch", "core-missing"];
    assert.deepEqual(said(refusal()), missing);
    fs.symlinkSync("/nowhere", brokenCore());
    assert.deepEqual(said(refusal()), missing);
  });

  it("is a folder, a pipe or a device", () => {
    const makers: ((file: string) => void)[] = [
      (file) => fs.mkdirSync(file, { mode: 0o755 }),
      (file) => runBytes(["/usr/bin/mkfifo", "-m", "700", file]),
      (file) => fs.symlinkSync("/dev/null", file),
    ];
    for (const make of makers) {
      fs.rmSync(brokenCore(), { recursive: true });
      make(brokenCore());
      assert.deepEqual(said(refusal()), ["is not a file", "core-missing"]);
    }
  });

  for (const mode of [0o775, 0o757, 0o777, 0o720, 0o702, 0o722]) {
    it(`is writable by others: mode ${mode.toString(8)}; and is started once that is fixed as it says`, () => {
      fs.chmodSync(brokenCore(), mode);
      const refused = refusal();
      assert.deepEqual(said(refused), ["is writable by others", "core-unsafe"]);
      const pasted = refused.paste();
      assert.deepEqual([pasted.status, pasted.stderr], [0, ""]);
      assert.equal(fs.statSync(brokenCore()).mode & 0o777, mode & 0o755);
      started(runBytes([own()]));
    });
  }

  for (const mode of [0o700, 0o755, 0o555, 0o500, 0o711]) {
    it(`is trusted with mode ${mode.toString(8)}`, () => {
      fs.chmodSync(brokenCore(), mode);
      started(runBytes([own()]));
    });
  }

  it("is not executable; and is started once that is fixed as it says", () => {
    fs.chmodSync(brokenCore(), 0o644);
    const refused = refusal();
    assert.deepEqual(said(refused), ["is not executable", "core-unusable"]);
    assert.equal(refused.paste().status, 0);
    started(runBytes([own()]));
  });

  it("is no program", () => {
    fs.writeFileSync(brokenCore(), "half a download");
    assert.deepEqual(said(refusal()), ["cannot be started: Exec format error", "core-unusable"]);
  });

  it("asks for a loader that is not there, as glibc's is not on Alpine", () => {
    fs.writeFileSync(brokenCore(), "#!/nowhere/ld-linux.so\n");
    assert.deepEqual(said(refusal()), [
      "cannot be started: its loader is missing; it requires glibc 2.28 or newer",
      "core-unusable",
    ]);
  });

  it("gets more than the system lets pass, because names grow when they become data", () => {
    const NODE_X = "x".repeat(128 * 1024 - "NODE_X=".length - 1);
    const { status, stderr } = runBytes([own()], { env: { NODE_X } });
    assert.equal(status, 6);
    assert.match(
      stderr,
      /cannot be started: Argument list too long\. \[core-unusable\]\nUnset .*`env \| wc -c`/,
    );
  });

  it("is on a file system that forbids programs", () => {
    const line = 'mount -t tmpfs -o noexec,mode=755 none "$1" && cp "$2" "$1/vouch-core" && exec "$0"';
    // The launcher itself must run: only the core's folder is noexec, reached by a link beside the launcher.
    const elsewhere = path.join(root(), "noexec");
    fs.mkdirSync(elsewhere);
    fs.rmSync(brokenCore());
    fs.symlinkSync(path.join(elsewhere, "vouch-core"), brokenCore());
    const unshared = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", line, own(), elsewhere, core];
    const { status, stderr } = runBytes(unshared, { env: { PATH: "/usr/bin:/bin" } });
    assert.equal(status, 6);
    assert.match(stderr, /cannot be started: Permission denied\. \[core-unusable\]\n.*`findmnt --target '/);
  });

  it("is not looked for where the system does not say where the launcher lies", () => {
    const line = 'mount -t tmpfs none /proc && exec "$0"';
    const unshared = ["/usr/bin/unshare", "--mount", "/bin/sh", "-c", line, own()];
    const { status, stderr } = runBytes(unshared, { env: { PATH: "/usr/bin:/bin" }, cwd: folder() });
    assert.equal(status, 6);
    assert.match(
      stderr,
      /^error: vouch-core not found: .* \[core-missing\]\n.*`mount -t proc proc \/proc`\n$/,
    );
  });

  it("is told in the exit status alone when there is no standard error", () => {
    fs.rmSync(brokenCore());
    const { status, stdout } = runShell('exec "$0" <&- >&- 2>&-', [own()]);
    assert.deepEqual([status, stdout], [6, ""]);
  });

  describe("because of its owner", () => {
    const SOMEBODY = 65534;
    const OTHER = 12345;
    const own = (file: string, owner: number) => fs.chownSync(file, owner, owner);
    const foreign = ["does not belong to you, root or the owner of kubectl-vouch", "core-unsafe"];
    const asUser = (id: number) =>
      runBytes(["/usr/bin/setpriv", `--reuid=${id}`, "--clear-groups", path.join(folder(), "kubectl-vouch")]);
    beforeEach(() => fs.chmodSync(root(), 0o755));
    before(() => assert.equal(os.userInfo().uid, 0, "only root can give files away: run this test as root"));

    it("is refused when it is somebody else's, for root as for others", () => {
      own(brokenCore(), SOMEBODY);
      const refused = refusal();
      assert.deepEqual(said(refused), foreign);
      assert.match(refused.paste().stdout, /^-rwx.* vouch-core\n|^-rwx.*\/vouch-core\n/);
      assert.equal(asUser(OTHER).status, 6);
    });

    it("is trusted when it is root's or one's own, whoever has the launcher", () => {
      started(asUser(OTHER));
      own(brokenCore(), OTHER);
      started(asUser(OTHER));
    });

    it("is trusted when it is the launcher's owner's, who could as well have changed the launcher: for root too", () => {
      own(brokenCore(), SOMEBODY);
      own(path.join(folder(), "kubectl-vouch"), SOMEBODY);
      started(asUser(OTHER));
      started(asUser(SOMEBODY));
      started(asUser(0));
    });
  });
});
