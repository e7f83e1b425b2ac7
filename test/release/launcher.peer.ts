/**
 * The launcher of the release in the folder that KUBECTL_VOUCH_RELEASE names, as the third host of the warm answer:
 * beside it lies a stand-in that tells how the core was started.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { clusterRefusal } from "../../token/hot/cluster-record.ts";
import { fnv32 } from "../../token/hot/fnv.ts";
import { promptKey } from "../../token/hot/key.ts";
import type { PromptSession } from "../../token/hot/prompt.ts";
import { promptFile } from "../../token/hot/state-files.ts";
import { VERSION } from "../../token/hot/version.ts";
import { nodeHost } from "../../token/node-host.ts";
import { bundledScript } from "../support/bundled-script.ts";
import { execInfoFor, RECORD } from "../support/cluster-infos.ts";
import { mutatedClusterInfo } from "../support/cluster-mutations.ts";
import type { HotCase } from "../support/hot-case.ts";
import { hotTable, NOON_TABLE } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { randomNumbers } from "../support/mutations.ts";
import { type BytesOptions, runBytes, runShell } from "../support/run-bytes.ts";
import type { CommandResult } from "../support/run-command.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { compileStandIn, coreStart } from "../support/stand-in-core.ts";
import { tempFolder } from "../support/temp-folder.ts";
import type { WarmVariables } from "../support/warm-answer.ts";

const PLAIN: HotCase = { name: "the plain warm call", answers: true };

const { folder, launcher, core } = shipped();
let nodeProgram = "";
before(async () => {
  fs.rmSync(core);
  compileStandIn(core);
  nodeProgram = await bundledScript("warm-answer", folder, SHIPPED_VERSION);
});

/** The table as it is now, for the children of this process: marks of a second ago count for some seconds only. */
const table = () => hotTable({ noon: Date.now(), parentId: process.pid, version: SHIPPED_VERSION });

/** A case of the table by its name, with the clock of now. */
function laidOut(root: string, name: string) {
  const now = table();
  const hotCase = now.cases.find((one) => one.name === name) ?? assert.fail(`there is no case ${name}`);
  return { ...layOut(root, hotCase, now), table: now };
}

function answered({ status, stdout, stderr }: CommandResult): string {
  assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
  assert.match(stdout, /^\{"kind":"ExecCredential",.*"token":"k8s-aws-v1\.[^"]+"\}\}\n$/);
  return stdout;
}

/** The launcher became the core, with these words and nothing said by itself. */
function becameCore(result: CommandResult, words: readonly string[]): void {
  assert.deepEqual([coreStart(result)?.words.slice(1), result.stderr], [words, ""]);
}

describe("the launcher's warm answer", () => {
  const root = tempFolder();
  const onNode = tempFolder();

  // Cases for a clock that stands still are left out: nobody can hold the launcher's.
  const cases = NOON_TABLE.cases.filter(({ stillClock }) => stillClock !== true);

  for (const { name, answers } of cases) {
    it(`${answers ? "answers, as Node does" : "becomes the core"}: ${name}`, () => {
      const { args, env, table: played } = laidOut(root(), name);
      const result = runBytes([launcher, ...args], { env });

      const again = layOut(onNode(), played.cases.find((one) => one.name === name) ?? PLAIN, played);
      const told: WarmVariables = { WARM_NOW: String(again.now), WARM_PARENT: String(again.parentId) };
      const node = runBytes([process.execPath, nodeProgram, ...again.args], {
        env: { ...again.env, ...told },
      });
      assert.equal(node.status, answers ? 0 : 1);

      if (answers) assert.equal(answered(result), node.stdout);
      else becameCore(result, args);
    });
  }

  it("compares the cluster that is called as Node does, in 500 random changes of it", () => {
    const random = randomNumbers(20_261_126);
    const counts = { given: 0, core: 0 };
    for (let index = 0; index < 500; index += 1) {
      const asked = mutatedClusterInfo(random);
      const { args, env } = laidOut(root(), "for the recorded cluster");
      const result = runBytes([launcher, ...args], {
        env: { ...env, KUBERNETES_EXEC_INFO: execInfoFor(asked) },
      });
      const isRefused = clusterRefusal(asked, RECORD, false) !== undefined;
      if (isRefused) becameCore(result, args);
      else answered(result);
      counts[isRefused ? "core" : "given"] += 1;
      fs.rmSync(root(), { recursive: true });
    }
    assert.ok(counts.given > 100 && counts.core > 100, JSON.stringify(counts));
  });

  it("is left out of the table for no more than a clock that stands still", () => {
    assert.ok(cases.length > 60, `${cases.length} cases`);
  });

  const call = (options: Omit<BytesOptions, "env"> = {}) => {
    const { args, env } = layOut(root(), PLAIN, table());
    return { args, env, run: () => runBytes([launcher, ...args], { env, ...options }) };
  };

  it("says in a shell's prompt how long the session lives, and leaves any other status to the core", () => {
    const below = layOut(root(), PLAIN, table()).env;
    const { KUBERNETES_EXEC_INFO: _kubectl, ...env } = below;
    const kubeconfig = path.join(root(), "kubeconfig");
    fs.writeFileSync(kubeconfig, "");
    const witnesses = [[kubeconfig, nodeHost(process).identity(kubeconfig)]];
    const note = (session?: PromptSession) => {
      const key = promptKey((name) => env[name] || undefined).replace(VERSION, SHIPPED_VERSION);
      const file = promptFile(path.join(env["HOME"] ?? "", ".local/state/kubectl-vouch"), fnv32(key));
      fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      fs.writeFileSync(file, JSON.stringify({ key, witnesses, session }), { mode: 0o600 });
    };
    const asked = () => runBytes([launcher, "status", "--prompt"], { env });
    note();
    assert.deepEqual([asked().status, asked().stderr], [0, ""]);
    assert.match(asked().stdout, /^vouch (?:7h59m|8h0m)\n$/);
    note({ name: "dev", end: Date.now() + 59.5 * 60_000 });
    assert.equal(asked().stdout, "dev 59m\n");
    fs.writeFileSync(kubeconfig, "current-context: other\n");
    becameCore(asked(), ["status", "--prompt"]);
    becameCore(runBytes([launcher, "status"], { env }), ["status"]);
    becameCore(runBytes([launcher, "status", "--prompt"], { env: below }), ["status", "--prompt"]);
    const nobody = runBytes([launcher, "status", "--prompt"], {
      env: { ...env, XDG_STATE_HOME: "/nowhere" },
    });
    becameCore(nobody, ["status", "--prompt"]);
  });

  it("is given once to a process; its second call becomes the core", () => {
    const { args, run } = call();
    answered(run());
    becameCore(run(), args);
    becameCore(run(), args);
  });

  it("is given to another process in the same moment", () => {
    const { args, env, run } = call();
    answered(run());
    answered(runShell('"$0" "$@"; exit $?', [launcher, ...args], { env }));
  });

  it("leaves one mark of mode 0600 and nothing else", () => {
    const { run } = call();
    const before = fs.readdirSync(root(), { recursive: true }).length;
    answered(run());
    assert.equal(fs.readdirSync(root(), { recursive: true }).length, before + 1);
    assert.equal(fs.statSync(onDisk(root(), table().markFile)).mode & 0o777, 0o600);
  });

  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o666]) {
    it(`does not believe a token in a file of mode ${mode.toString(8)}`, () => {
      const { args, run } = call();
      fs.chmodSync(onDisk(root(), table().tokenFile), mode);
      becameCore(run(), args);
    });
  }

  it("does not believe the files of another user, even for root", () => {
    const { args, run } = call();
    fs.chownSync(onDisk(root(), table().tokenFile), 65534, 65534);
    becameCore(run(), args);
  });

  describe("from files that are none", () => {
    /** Puts something else in the place of the token, the session and the mark, one at a time. */
    const places = {
      "a token": () => table().tokenFile,
      "who is logged in": () => path.join(path.dirname(path.dirname(table().markFile)), "current.json"),
    };
    for (const [what, place] of Object.entries(places)) {
      const put = (make: (file: string) => void) => {
        const { args, run } = call();
        const file = onDisk(root(), place());
        fs.rmSync(file);
        make(file);
        becameCore(run(), args);
      };

      it(`waits for nobody who writes a pipe in place of ${what}`, () => {
        put((file) => runBytes(["/usr/bin/mkfifo", "-m", "600", file]));
      });

      it(`does not connect to a socket in place of ${what}`, async () => {
        const server = net.createServer();
        try {
          // A socket's name holds 107 bytes: it is made elsewhere, and moved.
          const short = path.join(root(), "s");
          await new Promise<void>((resolve) => server.listen(short, resolve));
          put((file) => fs.renameSync(short, file));
        } finally {
          server.close();
        }
      });

      it(`reads no folder, no device and no loop of links in place of ${what}`, () => {
        put((file) => fs.mkdirSync(file, { mode: 0o700 }));
        fs.rmSync(root(), { recursive: true });
        put((file) => fs.symlinkSync("/dev/zero", file));
        fs.rmSync(root(), { recursive: true });
        put((file) => fs.symlinkSync(file, file));
      });

      it(`believes no bytes that are not UTF-8 in ${what}`, () => {
        put((file) => fs.writeFileSync(file, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), { mode: 0o600 }));
      });
    }

    it("answers though a pipe, a folder or a link is in the place of its mark", () => {
      const makers: ((file: string) => void)[] = [
        (file) => runBytes(["/usr/bin/mkfifo", "-m", "600", file]),
        (file) => fs.mkdirSync(file),
        (file) => fs.symlinkSync("/nowhere/at/all", file),
      ];
      for (const make of makers) {
        const { run } = call();
        make(onDisk(root(), table().markFile));
        answered(run());
        fs.rmSync(root(), { recursive: true });
      }
    });
  });

  describe("from bytes that are not UTF-8, which Node reads in another way", () => {
    const broken = {
      "a byte that never occurs": [0xff],
      "a lone byte of a sequence": [0x80],
      "a sequence that is too long": [0xc0, 0xaf],
      "half a sequence": [0xe2, 0x82],
      "a surrogate": [0xed, 0xa0, 0x80],
      "a character beyond all": [0xf4, 0x90, 0x80, 0x80],
    };
    for (const [what, bytes] of Object.entries(broken)) {
      it(`leaves ${what} in a token to the core`, () => {
        const { args, run } = call();
        const file = onDisk(root(), table().tokenFile);
        const text = fs.readFileSync(file);
        const at = text.indexOf("k8s-aws-v1.") + 15;
        const spoilt = [text.subarray(0, at), Buffer.from(bytes), text.subarray(at)];
        fs.writeFileSync(file, Buffer.concat(spoilt));
        becameCore(run(), args);
      });
    }

    it("takes what is UTF-8, one character of each length", () => {
      const { run } = call();
      const file = onDisk(root(), table().tokenFile);
      fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("v1.", "v1.é€𝄞"));
      assert.match(answered(run()), new RegExp(`v1\\.${Buffer.from("é€𝄞").toString("latin1")}`));
    });

    it("leaves arguments to the core, byte for byte, also where Node's reading of them has a token", () => {
      const { args, env } = call();
      const file = onDisk(root(), table().tokenFile);
      const cached = JSON.parse(fs.readFileSync(file, "utf8")) as { key: string };
      const key = cached.key.replace('"lab"', '"a\ufffdb"');
      const name = `token-${fnv32(key)}.json`;
      fs.writeFileSync(path.join(path.dirname(file), name), JSON.stringify({ ...cached, key }), {
        mode: 0o600,
      });
      const before = args.slice(0, args.indexOf("lab"));
      const after = args.slice(args.indexOf("lab") + 1);
      const inText = runBytes([launcher, ...before, "a\ufffdb", ...after], { env });
      answered(inText);

      const words = `${before.map((_, index) => `"$${index + 1}"`).join(" ")} "$(printf 'a\\377b')"`;
      const line = `exec "$0" ${words} ${after.map((_, index) => `"\${${before.length + index + 1}}"`).join(" ")}`;
      const result = runShell(`(${line}); exit $?`, [launcher, ...before, ...after], { env });
      becameCore(result, [...before, "a\xffb", ...after]);
    });

    it("leaves variables to the core, byte for byte", () => {
      const { args, env } = call();
      const info = String.raw`{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","x":"\377"}`;
      const line = `exec env "KUBERNETES_EXEC_INFO=$(printf '${info}')" "$0" "$@"`;
      const result = runShell(line, [launcher, ...args], { env });
      becameCore(result, args);
      const arrived = `KUBERNETES_EXEC_INFO=${info.replace("\\377", "\xff")}`;
      assert.ok(coreStart(result)?.variables.includes(arrived));
    });
  });

  describe("where it goes", () => {
    it("is no failure when nobody reads it, as on Node", () => {
      const { args, env } = call();
      const closed = runShell('exec "$0" "$@" >&-', [launcher, ...args], { env });
      assert.deepEqual([closed.status, closed.stdout, closed.stderr], [0, "", ""]);

      const line = '{ sleep 0.2; "$0" "$@"; echo "status $?" >&2; } | true';
      const gone = runShell(line, [launcher, ...args], { env });
      assert.deepEqual([gone.stdout, gone.stderr], ["", "status 0\n"]);
    });

    it("is the core's to explain when the disk is full", () => {
      const { args, env } = call();
      const { status, stderr } = runShell('exec "$0" "$@" >/dev/full', [launcher, ...args], { env });
      assert.deepEqual([status, stderr], [77, ""]);
    });

    it("is given without standard input and standard error", () => {
      const { args, env } = call();
      answered(runShell('exec "$0" "$@" <&- 2>&-', [launcher, ...args], { env }));
    });

    it("waits for a slow reader of a pipe that does not block", () => {
      const { args, env } = call();
      // The pipe is filled first; the reader begins later.
      const line = [
        "import os,sys,fcntl,subprocess,time",
        "r,w=os.pipe()",
        "fcntl.fcntl(w,fcntl.F_SETFL,os.O_NONBLOCK)",
        "size=os.write(w,b' '*(1<<20))",
        "child=subprocess.Popen(sys.argv[1:],stdout=w)",
        "os.close(w)",
        "time.sleep(0.3)",
        "text=b''.join(iter(lambda: os.read(r,65536),b''))",
        "sys.stdout.buffer.write(text[size:])",
        "sys.exit(child.wait())",
      ].join("\n");
      answered(runBytes(["/usr/bin/python3", "-c", line, launcher, ...args], { env }));
    });
  });

  it("comes from XDG_STATE_HOME without a HOME, and without both from the core", () => {
    const { args, env } = call();
    const { HOME: _home = "", ...rest } = env;
    const state = path.join(_home, ".local/state");
    becameCore(runBytes([launcher, ...args], { env: rest }), args);
    answered(runBytes([launcher, ...args], { env: { ...rest, XDG_STATE_HOME: state } }));
  });

  it("comes also where the system gives little stack, and a file that is nested deep is the core's job", () => {
    const { args, env } = call();
    const line = 'ulimit -s 256; exec "$0" "$@"';
    answered(runShell(line, [launcher, ...args], { env }));
    fs.writeFileSync(onDisk(root(), table().tokenFile), "[".repeat(60_000));
    becameCore(runShell(line, [launcher, ...args], { env }), args);
    becameCore(runBytes([launcher, ...args], { env }), args);
  });
});
