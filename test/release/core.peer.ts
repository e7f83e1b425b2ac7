/**
 * The shipped files of the release in the folder that KUBECTL_VOUCH_RELEASE names in an environment that wants to turn
 * them: each row of sea, section 4, and of plugin, 4.4. Started as people do, through the launcher, and around it. Needs
 * a C compiler.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type LabCa, makeLabCa } from "../lab/tls.ts";
import { markerLibrary } from "../support/marker-library.ts";
import { type CommandResult, runCommand } from "../support/run-command.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { silentServer, type WatchedServer, watchedHttps } from "../support/watched-server.ts";

const { launcher, core } = shipped();
const NPM = path.resolve(import.meta.dirname, "../../dist/kubectl-vouch.mjs");

const WAYS = { "through the launcher": [launcher], "around the launcher": [core] } as const;
const VERSION_LINE = `kubectl-vouch ${SHIPPED_VERSION}\n`;

/** Lets a program make TLS, keys and hashes; nobody listens there. */
const LOGIN = ["login", "--server", "https://127.0.0.1:1", "--key-store", "file", "--pin-stdin"];

const root = tempFolder();
/** Somebody's plain environment. The home is the only place where files may come to be. */
const environment = () => ({
  HOME: path.join(root(), "home"),
  PATH: "/usr/bin:/bin",
  TMPDIR: root(),
  LANG: "C.UTF-8",
});
beforeEach(() => fs.mkdirSync(path.join(root(), "home"), { mode: 0o700 }));

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

const run = (command: readonly string[], { env = {}, ...rest }: Run = {}) =>
  runCommand(command, { env: { ...environment(), ...env }, ...rest });

/** An error as we tell it: one line with a code, one with what to do; and no stack. */
function refusal({ status, stderr }: CommandResult): { status: number; code: string | undefined } {
  assert.doesNotMatch(stderr, /^\s+at |This is a bug|Warning/m);
  const lines = stderr.trimEnd().split("\n");
  const [, code] = /^error: .*\[([a-z-]+)\]$/.exec(lines.at(-2) ?? "") ?? assert.fail(stderr);
  return { status, code };
}

/** A kubeconfig whose user gets its credentials from this program. */
function writeKubeconfig(command: string): void {
  const words = ["credential", "eks", "--cluster-name", "lab", "--region", "us-east-1"];
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command,
    interactiveMode: "IfAvailable",
    args: [...words, "--role", "arn:aws:iam::111122223333:role/R", "--server", "https://vouch.example"],
  };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "lab",
    clusters: [{ name: "lab", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user: "lab" } }],
    users: [{ name: "lab", user: { exec } }],
  };
  fs.mkdirSync(path.join(root(), "home/.kube"));
  fs.writeFileSync(path.join(root(), "home/.kube/config"), JSON.stringify(kubeconfig));
}

/** Files of the test's folder but those of the home. */
const filesLeft = () => fs.readdirSync(root()).filter((name) => name !== "home");

for (const [way, program] of Object.entries(WAYS)) {
  describe(`the core ${way}`, () => {
    const version = async (env: Readonly<Record<string, string>>, cwd?: string) => {
      const result = await run([...program, "version"], { env, ...(cwd === undefined ? {} : { cwd }) });
      assert.deepEqual(result, { status: 0, stdout: VERSION_LINE, stderr: "" });
    };

    it("takes no options for Node from NODE_OPTIONS", async () => {
      const marker = path.join(root(), "marker");
      const script = path.join(root(), "evil.cjs");
      fs.writeFileSync(script, `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`);
      const control = await run([process.execPath, "-e", "0"], {
        env: { NODE_OPTIONS: `--require ${script}` },
      });
      assert.equal(control.status, 0);
      assert.ok(fs.existsSync(marker), "the same variable turns a plain Node");
      fs.rmSync(marker);
      for (const NODE_OPTIONS of [
        `--require ${script}`,
        `--import ${script}`,
        `--require=${script} --openssl-config=${script}`,
        "--inspect=127.0.0.1:0",
        "--inspect-brk=127.0.0.1:0",
        "--bogus",
        "--use-system-ca",
        `--env-file=${script}`,
      ]) {
        await version({ NODE_OPTIONS });
      }
      assert.ok(!fs.existsSync(marker));
    });

    it("is no interpreter, whatever its words", async () => {
      const marker = path.join(root(), "marker");
      const script = path.join(root(), "evil.cjs");
      const code = `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`;
      fs.writeFileSync(script, code);
      const lines = [
        ["--eval", code],
        ["-e", code],
        ["-p", code],
        ["--require", script, "version"],
        ["--import", script, "version"],
        [`--node-options=--require=${script}`, "version"],
        ["version", `--node-options=--require=${script}`],
        ["--inspect=127.0.0.1:0", "version"],
        ["--experimental-sea-config", script],
        ["--run", "x"],
        ["--test"],
        ["--build-snapshot", script],
        ["inspect", script],
        [script],
        ["-"],
      ];
      for (const words of lines) {
        const result = await run([...program, ...words], { stdin: code });
        assert.deepEqual([words, refusal(result), result.stdout], [words, { status: 64, code: "usage" }, ""]);
        assert.doesNotMatch(result.stderr, /Debugger|ws:\/\//);
      }
      assert.deepEqual(await run([...program, "--version"]), {
        status: 0,
        stdout: `${SHIPPED_VERSION}\n`,
        stderr: "",
      });
      assert.ok(!fs.existsSync(marker));
    });

    it("loads no library that OPENSSL_CONF or its kin name", async () => {
      const library = markerLibrary(root());
      const conf = path.join(root(), "openssl.cnf");
      fs.writeFileSync(
        conf,
        `nodejs_conf = init\nopenssl_conf = init\n[init]\nproviders = providers\nengines = engines\n` +
          `[providers]\nevil = provider\n[provider]\nmodule = ${library.file}\nactivate = 1\n` +
          `[engines]\nevil = engine\n[engine]\ndynamic_path = ${library.file}\ninit = 1\n`,
      );
      const env = { OPENSSL_CONF: conf, OPENSSL_MODULES: root(), OPENSSL_ENGINES: root() };
      await run([process.execPath, "-e", "0"], { env });
      assert.ok(library.wasLoaded(), "the same variables turn a plain Node");
      await version(env);
      assert.equal((await run([...program, ...LOGIN], { env })).status, 4);
      assert.ok(!library.wasLoaded());
      await version({ OPENSSL_CONF: "/nowhere" });
    });

    it("opens no debugger on SIGUSR1, and lives on", async () => {
      const server = await silentServer();
      const words = [
        "login",
        "--server",
        `https://127.0.0.1:${server.port}`,
        "--key-store",
        "file",
        "--pin-stdin",
      ];
      const start = (command: readonly string[]) =>
        spawn(command[0] ?? "", command.slice(1), {
          env: environment(),
          stdio: ["ignore", "ignore", "pipe"],
        });
      try {
        const plain = start([
          process.execPath,
          "-e",
          "setInterval(() => {}, 1e6); process.stderr.write('up')",
        ]);
        plain.stderr?.once("data", () => plain.kill("SIGUSR1"));
        await until(() => listens(plain));
        plain.kill("SIGKILL");

        const reached = server.reached();
        const child = start([...program, ...words]);
        let said = "";
        child.stderr?.on("data", (text: Buffer) => {
          said += text.toString();
        });
        await reached;
        for (let count = 0; count < 3; count++) {
          child.kill("SIGUSR1");
          await wait(200);
        }
        assert.deepEqual([child.exitCode, child.signalCode, listens(child)], [null, null, false]);
        assert.doesNotMatch(said, /Debugger|ws:\/\//);
        child.kill("SIGKILL");
      } finally {
        server.close();
      }
    });

    it("ignores all that a working folder may hold", async () => {
      const cwd = path.join(root(), "work");
      fs.mkdirSync(path.join(cwd, "node_modules", "yargs"), { recursive: true });
      const marker = path.join(root(), "marker");
      const evil = `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`;
      const files = {
        ".env": "NODE_OPTIONS=--require=./evil.cjs\nVOUCH_SERVER=https://evil.example\nNODE_DEBUG=*\n",
        "package.json": '{"type":"module","version":"6.6.6","main":"./evil.cjs","yargs":{"x":1}',
        "node.config.json": '{"nodeOptions":{"require":["./evil.cjs"]}}',
        "kubectl-vouch.mjs": evil,
        "vouch-core": `#!/bin/sh\n: > ${marker}\n`,
        "main.cjs": evil,
        "evil.cjs": evil,
        "node_modules/yargs/index.js": evil,
        "openssl.cnf": "[",
        fs: evil,
      };
      for (const [name, text] of Object.entries(files)) {
        fs.writeFileSync(path.join(cwd, name), text, { mode: 0o755 });
      }
      await version({ NODE_PATH: path.join(cwd, "node_modules") }, cwd);
      const plain = await run([...program, "--help"]);
      assert.equal(plain.status, 0);
      assert.deepEqual(await run([...program, "--help"], { cwd }), plain);
      assert.deepEqual(
        await run([...program, "status", "--offline"], { cwd }),
        await run([...program, "status", "--offline"]),
      );
      assert.ok(!fs.existsSync(marker));
    });

    it("does not wait for a pipe by the name of package.json", async () => {
      const cwd = path.join(root(), "work");
      fs.mkdirSync(cwd);
      assert.equal((await run(["mkfifo", path.join(cwd, "package.json")])).status, 0);
      await version({}, cwd);
    });

    it("reads no file of texts above its folder", async () => {
      const folder = path.join(root(), "a", "b");
      fs.mkdirSync(folder, { recursive: true });
      fs.mkdirSync(path.join(root(), "locales"));
      fs.writeFileSync(path.join(root(), "locales", "en.json"), "{");
      for (const file of [launcher, core]) fs.linkSync(file, path.join(folder, path.basename(file)));
      const own = path.join(folder, path.basename(program[0]));
      const help = await run([own, "login", "--help"]);
      assert.deepEqual(help, await run([...program, "login", "--help"]));
    });

    it("runs no program of the PATH to start, or to say its version and help", async () => {
      const bin = path.join(root(), "bin");
      const marker = path.join(root(), "marker");
      fs.mkdirSync(bin);
      for (const name of [
        "vouch-core",
        "node",
        "sh",
        "kubectl-vouch",
        "ldd",
        "uname",
        "env",
        "kubectl",
        "aws",
      ]) {
        fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n: > ${marker}\n`, { mode: 0o755 });
      }
      await version({ PATH: bin });
      await version({ PATH: "" });
      await version({ PATH: "." }, bin);
      assert.equal((await run([...program, "--help"], { env: { PATH: bin } })).status, 0);
      assert.equal((await run([...program, ...LOGIN], { env: { PATH: bin } })).status, 4);
      assert.ok(!fs.existsSync(marker));
    });

    it("starts in a folder that is gone", async () => {
      const line = 'mkdir gone && cd gone && rmdir "$PWD" && exec "$0" version';
      const result = await run(["/bin/sh", "-c", line, ...program], { cwd: root() });
      assert.deepEqual(result, { status: 0, stdout: VERSION_LINE, stderr: "" });
    });

    it("writes no secret of TLS for SSLKEYLOGFILE", async () => {
      const server = await watchedHttps(await (await makeLabCa()).issue(["127.0.0.1"]));
      const file = path.join(root(), "keys");
      try {
        await run([...program, ...LOGIN.map((word) => word.replace(":1", `:${server.port}`))], {
          env: { SSLKEYLOGFILE: file },
        });
      } finally {
        server.close();
      }
      assert.ok(!fs.existsSync(file));
    });

    it("has no effect of variables that only look dangerous", async () => {
      await version({
        NODE_ICU_DATA: "/nowhere",
        NODE_TEST_CONTEXT: "child",
        NODE_UNIQUE_ID: "1",
        NODE_PATH: root(),
        UV_THREADPOOL_SIZE: "0",
        WATCH_REPORT_DEPENDENCIES: "1",
        GLIBC_TUNABLES: "glibc.malloc.check=3",
        BUN_OPTIONS: "--preload=/nowhere",
        BUN_BE_BUN: "1",
        DENO_DIR: "/nowhere",
      });
    });

    describe("where little works", () => {
      it("says in ASCII what it says, where the terminal knows no other letters", async () => {
        for (const words of [
          ["explain", "E3"],
          ["--help"],
          ["doctor", "--offline", "--color=always"],
          ["explain", "K7"],
        ]) {
          const { stdout } = await run([...program, ...words], { env: { LANG: "C", TERM: "dumb" } });
          // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has them.
          assert.match(stdout, /^[\x00-\x7f]+$/, words.join(" "));
        }
      });

      it("puts letters of ASCII for those of others, as its sources do", async () => {
        writeKubeconfig("/opt/it’s–“here”…/kubectl-vouch");
        const result = await run([...program, "doctor", "--offline"], { env: { LANG: "C" } });
        assert.match(result.stdout, /exec\.command is\s+\/opt\/it's-"here"\.\.\.\/kubectl-vouch\./);
        const npm = await run([process.execPath, NPM, "doctor", "--offline"], { env: { LANG: "C" } });
        assert.equal(result.stdout, npm.stdout);
      });

      it("cannot write where nobody may: a clear error, and no stack", async () => {
        const homes = { "/proc/self/nothing": "unwritable", "/sys": "unwritable", "/dev/null": "unreadable" };
        for (const [HOME, what] of Object.entries(homes)) {
          const result = await run([...program, ...LOGIN], { env: { HOME } });
          assert.deepEqual(refusal(result), { status: 6, code: `file-${what}` }, HOME);
        }
        assert.deepEqual(
          refusal(await run([...program, ...LOGIN], { env: { HOME: "relative" }, cwd: root() })).status,
          4,
        );
        assert.ok(!fs.existsSync(path.join(root(), "relative")));
      });

      it("needs no standard streams", async () => {
        const shell = (line: string, words: readonly string[]) =>
          run(["/bin/sh", "-c", line, ...program, ...words]);
        const closed = await shell('"$0" "$@" >&- 2>&- <&-; echo $?', ["version"]);
        assert.deepEqual(closed, { status: 0, stdout: "0\n", stderr: "" });
        const usage = await shell('"$0" "$@" 2>&-; echo $?', ["frobnicate"]);
        assert.deepEqual(usage, { status: 0, stdout: "64\n", stderr: "" });
        const gone = await shell('{ "$0" "$@"; echo $? >&2; } | true', ["--help"]);
        assert.deepEqual([gone.stdout, gone.stderr], ["", "0\n"]);
      });

      it("says that the disk is full when it is", async () => {
        const result = await run(["/bin/sh", "-c", 'exec "$0" "$@" >/dev/full', ...program, "version"]);
        assert.equal(refusal(result).code, "file-unwritable");
      });

      it("says the same as what npm has, byte for byte", async () => {
        for (const words of [
          ["--help"],
          ["setup", "eks", "--help"],
          ["explain", "E3"],
          ["frobnicate"],
          ["doctor", "--list"],
        ]) {
          const ours = await run([...program, ...words]);
          assert.deepEqual(ours, await run([process.execPath, NPM, ...words]), words.join(" "));
        }
      });
    });

    it("explains the failure of a command from another chunk as what it is, not as a bug", async () => {
      const failures = {
        "server-unreachable": [4, LOGIN],
        "server-url-invalid": [6, ["login", "--server", "ftp://x", "--pin-stdin"]],
        "logged-out": [
          2,
          [
            "credential",
            "eks",
            ...["--cluster-name", "c", "--region", "eu-west-1"],
            "--role",
            "arn:aws:iam::111122223333:role/R",
            "--server",
            "https://127.0.0.1:1",
          ],
        ],
      } as const;
      for (const [code, [status, words]] of Object.entries(failures)) {
        const result = await run([...program, ...words]);
        assert.deepEqual([words, refusal(result)], [words, { status, code }]);
      }
    });

    it("leaves no file behind", async () => {
      for (const words of [["version"], ["--help"], ["status"], ["doctor", "--offline"], LOGIN]) {
        await run([...program, ...words]);
      }
      assert.deepEqual(filesLeft(), []);
    });
  });
}

describe("what stays outside of the core", () => {
  let ca: LabCa;
  let server: WatchedServer;
  before(async () => {
    ca = await makeLabCa();
    server = await watchedHttps(await ca.issue(["127.0.0.1"]));
  });
  after(() => server.close());

  /** Logs in at a server whose certificate nobody knows but the variables. Whether it was trusted, and the result. */
  const login = async (program: readonly string[], env: Readonly<Record<string, string>>) => {
    const before = server.requests();
    const words = [
      "login",
      "--server",
      `https://127.0.0.1:${server.port}`,
      "--key-store",
      "file",
      "--pin-stdin",
    ];
    const result = await run([...program, ...words], { env });
    return { trusted: server.requests() > before, result };
  };
  const caFile = () => {
    const file = path.join(root(), "ca.pem");
    fs.writeFileSync(file, ca.cert);
    return file;
  };

  it("trusts no authority but the built-in ones and that of VOUCH_CA_BUNDLE", async () => {
    const file = caFile();
    assert.equal((await login([launcher], { VOUCH_CA_BUNDLE: file })).trusted, true);
    const variables: Record<string, string>[] = [
      {},
      { NODE_EXTRA_CA_CERTS: file },
      { NODE_USE_SYSTEM_CA: "1", SSL_CERT_FILE: file },
      { NODE_OPTIONS: "--use-openssl-ca", SSL_CERT_FILE: file },
      { SSL_CERT_FILE: file, SSL_CERT_DIR: root() },
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    ];
    for (const env of variables) {
      const { trusted, result } = await login([launcher], env);
      assert.deepEqual(
        [env, trusted, refusal(result)],
        [env, false, { status: 4, code: "server-untrusted" }],
      );
    }
  });

  // The core itself is a Node: these two variables are read before any of our code runs. Nobody starts it so.
  it("keeps two more authorities out only by the launcher", async () => {
    const file = caFile();
    assert.equal((await login([core], { NODE_EXTRA_CA_CERTS: file })).trusted, true);
    assert.equal((await login([core], { NODE_USE_SYSTEM_CA: "1", SSL_CERT_FILE: file })).trusted, true);
    assert.equal((await login([core], { SSL_CERT_FILE: file })).trusted, false);
  });

  for (const [what, program] of Object.entries({
    "the core itself": [core],
    "what npm has": [process.execPath, NPM],
  })) {
    it(`refuses to run where certificates would not be checked: ${what}`, async () => {
      for (const words of [["version"], LOGIN, ["--help"], ["credential", "eks", "--cluster-name", "c"]]) {
        const result = await run([...program, ...words], { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } });
        assert.equal(result.stdout, "");
        assert.deepEqual(refusal(result), { status: 6, code: "tls-check-disabled" });
      }
    });
  }

  it("is kept from writing and telling by the launcher", async () => {
    const into = (name: string) => path.join(root(), name);
    fs.mkdirSync(into("coverage"));
    const env = {
      NODE_V8_COVERAGE: into("coverage"),
      NODE_REDIRECT_WARNINGS: into("warnings"),
      NODE_COMPILE_CACHE: into("compiled"),
      NODE_DEBUG: "*",
      NODE_DEBUG_NATIVE: "*",
      NODE_REPL_EXTERNAL_MODULE: into("repl.cjs"),
      NODE_PENDING_DEPRECATION: "1",
    };
    const plain = await run([launcher, ...LOGIN]);
    assert.deepEqual(await run([launcher, ...LOGIN], { env }), plain);
    assert.deepEqual(filesLeft(), ["coverage"]);
    assert.deepEqual(fs.readdirSync(into("coverage")), []);
  });

  it("asks no proxy for NODE_USE_ENV_PROXY, but ours as ever", async () => {
    const proxy = await silentServer();
    try {
      const env = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
      const { result } = await login([launcher], { ...env, VOUCH_CA_BUNDLE: caFile() });
      assert.equal(proxy.requests(), 0);
      assert.doesNotMatch(result.stderr, /Warning/);
    } finally {
      proxy.close();
    }
  });

  it("is loaded by the system's loader into the core alone, never through the launcher", async () => {
    const library = markerLibrary(root());
    const early = markerLibrary(root(), "libdl.so.2");
    const variables = { LD_PRELOAD: library.file, LD_LIBRARY_PATH: root(), LD_AUDIT: library.file };
    for (const [name, value] of Object.entries(variables)) {
      const result = await run([launcher, "version"], { env: { [name]: value } });
      assert.deepEqual(result, { status: 0, stdout: VERSION_LINE, stderr: "" }, name);
      assert.deepEqual([library.wasLoaded(), early.wasLoaded()], [false, false], name);
    }
    // The known limit of every dynamic program: around the launcher the system's loader obeys them.
    await run([core, "version"], { env: { LD_PRELOAD: library.file } });
    assert.ok(library.wasLoaded());
    await run([core, "version"], { env: { LD_LIBRARY_PATH: root() } });
    assert.ok(early.wasLoaded());
  });

  it("is reported by the doctor, and not handed on as ours", async () => {
    writeKubeconfig("kubectl-vouch");
    const saved = path.join(root(), "evidence.json");
    const env = { NODE_OPTIONS: "--require /x", LD_PRELOAD: "", KUBECTL_VOUCH_DROPPED_NODE_PATH: "/forged" };
    await run([launcher, "doctor", "--offline", "--save", saved], { env });
    const text = fs.readFileSync(saved, "utf8");
    const { droppedEnvironment } = JSON.parse(text) as Record<string, unknown>;
    assert.deepEqual(droppedEnvironment, { NODE_OPTIONS: "--require /x", LD_PRELOAD: "" });
    assert.doesNotMatch(text, /forged|KUBECTL_VOUCH_DROPPED/);
    const { stdout } = await run([launcher, "doctor", "--offline"], { env });
    assert.match(
      stdout,
      /V6 The environment has NODE_OPTIONS, LD_PRELOAD;.*\[plugin-variables-turn-program\]/s,
    );
  });
});

/** Whether a process listens on any port of TCP. */
function listens({ pid }: ChildProcess): boolean {
  const sockets = fs.readdirSync(`/proc/${pid}/fd`).map((name) => {
    try {
      return fs.readlinkSync(`/proc/${pid}/fd/${name}`);
    } catch {
      return "";
    }
  });
  const tables = ["tcp", "tcp6"].map((name) => fs.readFileSync(`/proc/${pid}/net/${name}`, "utf8")).join("");
  const listening = [...tables.matchAll(/^ *\d+: \S+ \S+ 0A (?:\S+ +){5}(\d+)/gm)].map(
    ([, inode]) => `socket:[${inode}]`,
  );
  return sockets.some((socket) => listening.includes(socket));
}

async function until(condition: () => boolean): Promise<void> {
  for (let count = 0; count < 100; count++) {
    if (condition()) return;
    await wait(50);
  }
  assert.fail("it did not come to be in 5 s");
}
