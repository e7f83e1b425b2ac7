/**
 * The shipped files of the release in the folder that KUBECTL_VOUCH_RELEASE names in an environment that wants to turn
 * them (krew/PACKAGING.md, "Hostile environment"). Started as people do, through the launcher, and around it. Needs a C
 * compiler.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeLabCa } from "../lab/tls.ts";
import { markerLibrary } from "../support/marker-library.ts";
import { SHIPPED_VERSION } from "../support/shipped-files.ts";
import { silentServer, watchedHttps } from "../support/watched-server.ts";
import {
  core,
  environment,
  filesLeft,
  LOGIN,
  launcher,
  NPM,
  refusal,
  root,
  run,
  VERSION_LINE,
  writeKubeconfig,
} from "./spoilt-place.ts";

const WAYS = { "through the launcher": [launcher], "around the launcher": [core] } as const;

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
        await server.close();
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
        await server.close();
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
  for (let count = 0; count < 2400; count++) {
    if (condition()) return;
    await wait(50);
  }
  assert.fail("it did not come to be in two minutes");
}
