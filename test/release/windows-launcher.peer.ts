/**
 * The launcher for windows/amd64 of the release that KUBECTL_VOUCH_RELEASE names, under wine, with a program in the place of the core
 * that reports how it was started. wine derives owners and access lists from modes, and has no console here: what it cannot show is
 * in krew/PACKAGING.md, "Windows".
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { PLATFORMS } from "../../krew/platforms.ts";
import { commandWords } from "../../token/aws/sources/command-words.ts";
import { readCaller } from "../../token/hot/caller.ts";
import { markFile, marksFolder } from "../../token/hot/state-files.ts";
import { VERSION } from "../../token/hot/version.ts";
import { readsStdinManifest, runsScripts } from "../../token/mint/asking-process.ts";
import type { HotCase, HotTable } from "../support/hot-case.ts";
import { hotTable, STATE } from "../support/hot-cases.ts";
import { layOut, onDisk } from "../support/hot-on-disk.ts";
import { inProcess } from "../support/hot-runs.ts";
import { SHIPPED_VERSION, shipped } from "../support/shipped-files.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { releaseToolchain } from "../support/webauthn-stand-in.ts";
import { buildProgram } from "../support/windows-program.ts";
import { startWine, type Wine } from "../support/wine.ts";

const AMD64 = PLATFORMS.find(({ os, arch }) => os === "windows" && arch === "amd64") ?? assert.fail();
const { folder: unpacked } = shipped(AMD64);
const LAUNCHER = "kubectl-vouch.exe";
const CORE = "vouch-core.exe";
const HELPER = "vouch-webauthn.exe";

/** Status of the stand-in. */
const STARTED = 77;

/** What the launcher says when it needs the core, which is not there. */
const MISSING =
  /vouch-core\.exe not found; it must be next to kubectl-vouch\.exe\. \[core-missing\]\nReinstall/;

/** wine's process that starts a program is none of Windows: its number is 0. */
const table = (noon = Date.now(), version = SHIPPED_VERSION) => hotTable({ noon, parentId: 0, version });
const [PLAIN = assert.fail()] = table().cases;

let windows: Wine;
let standIn: string;
before(async function () {
  this.timeout(600_000);
  windows = startWine();
  standIn = await built("stand-in.exe", ["stand-in-core-windows.c"]);
});
after(() => windows.stop());

async function built(name: string, sources: readonly string[], flags: readonly string[] = []) {
  const file = path.join(windows.folder, name);
  return buildProgram(await releaseToolchain(), { sources, flags, file });
}

/** A launcher in a folder of its own; its core, if any, is this file. */
function installed(name: string, core?: string): string {
  const folder = path.join(windows.folder, name);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  fs.copyFileSync(path.join(unpacked, LAUNCHER), path.join(folder, LAUNCHER));
  if (core !== undefined) fs.copyFileSync(core, path.join(folder, CORE));
  return path.join(folder, LAUNCHER);
}

const stateFolder = () => path.join(windows.profile, "AppData/Local/kubectl-vouch");

/** Puts a case's files where Windows has them, and returns its words, with the variables that wine does not set itself. */
function laidOut(root: string, hotCase: HotCase, played = table()) {
  const { args, env } = layOut(root, hotCase, played);
  fs.rmSync(stateFolder(), { recursive: true, force: true });
  fs.mkdirSync(path.dirname(stateFolder()), { recursive: true });
  fs.renameSync(onDisk(root, STATE), stateFolder());
  const { HOME: _, ...others } = env;
  return { args, env: others };
}

/** How the stand-in was started. */
function started({ status, stdout, stderr }: ReturnType<Wine["run"]>) {
  assert.deepEqual([status, stderr], [STARTED, ""]);
  const [line = "", ...variables] = stdout.split("\0").slice(0, -1);
  return { line, variables };
}

describe("the warm answer on Windows", () => {
  const root = tempFolder();
  const onNode = tempFolder();
  let alone: string;
  before(() => {
    alone = installed("alone");
  });

  // Nobody can hold wine's clock, nor take its folders away.
  const cases = table().cases.filter(({ name, stillClock }) => stillClock !== true && name !== "no home");

  for (const { name, answers } of cases) {
    it(`${answers ? "is Node's" : "is left to the core"}: ${name}`, () => {
      const noon = Date.now();
      const caseOf = (played: HotTable) => played.cases.find((one) => one.name === name) ?? PLAIN;
      const [played, sources] = [table(noon), table(noon, VERSION)];
      const { args, env } = laidOut(root(), caseOf(played), played);
      const { status, stdout, stderr } = windows.run([alone, ...args], { env });
      const node = inProcess(layOut(onNode(), caseOf(sources), sources));
      assert.equal(node.answered, answers);
      if (answers) assert.deepEqual([status, stdout, stderr], [0, node.printed, ""]);
      else {
        assert.deepEqual([status, stdout], [6, ""]);
        assert.match(stderr, MISSING);
      }
    });
  }

  it("leaves out of the table only what needs another world", () => {
    assert.ok(cases.length > 60, `${cases.length} cases`);
  });

  it("leaves a mark that only its user can read", () => {
    const played = table();
    const { args, env } = laidOut(root(), PLAIN, played);
    assert.equal(windows.run([alone, ...args], { env }).status, 0);
    const name = path.basename(played.markFile);
    const file = path.join(stateFolder(), path.relative(STATE, marksFolder(STATE)), name);
    assert.match(fs.readFileSync(file, "utf8"), /^\[0,\d+,\d+,false,false\]/);
    assert.equal(fs.statSync(file).mode & 0o007, 0);
    assert.equal(played.markFile, markFile(STATE, name.replace(".json", "")));
  });

  it("leaves a second call from the same process to the core, but not one from another", () => {
    const { args, env } = laidOut(root(), PLAIN);
    const calls = (count: number) => {
      const call = [`Z:${alone}`.replaceAll("/", "\\"), ...args].join(" ");
      const { stdout } = windows.run(["cmd", "/c", Array(count).fill(call).join(" & ")], { env });
      return stdout.split("\n").length - 1;
    };
    assert.deepEqual([calls(2), calls(1), calls(2)], [1, 1, 1]);
  });
});

describe("the core on Windows", () => {
  const WORDS = ["status", "a b", "", 'q"q', "c:\\", '\\"', "*", "--x=y z", "zoë", "%PATH%", "^&|<>"];

  it("gets the command line as it is, and its exit status is ours", () => {
    const { line } = started(windows.run([installed("whole", standIn), ...WORDS]));
    const direct = started(windows.run([path.join(windows.folder, "whole", CORE), ...WORDS]));
    assert.equal(line, direct.line.replace(CORE, LAUNCHER));
    assert.match(line, / "a b" "" q\\"q /);
  });

  it("is found beside the launcher's own file, behind any links, and nowhere else", () => {
    const own = installed("whole", standIn);
    const bin = path.join(windows.folder, "bin");
    const current = path.join(windows.folder, "current");
    for (const folder of [bin, current]) {
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, CORE), "a decoy");
    }
    fs.symlinkSync(own, path.join(bin, "link.exe"));
    fs.symlinkSync("link.exe", path.join(bin, LAUNCHER));
    const { line } = started(windows.run([path.join(bin, LAUNCHER), "x"], { cwd: current }));
    assert.match(line, /\\bin\\kubectl-vouch\.exe"? x$/);
    fs.rmSync(path.join(windows.folder, "whole", CORE));
    assert.match(windows.run([path.join(bin, LAUNCHER)], { cwd: current }).stderr, MISSING);
  });

  // Otherwise wine does not know in which characters Linux' names are.
  const refusal = (own: string) => {
    const { status, stdout, stderr } = windows.run([own], { env: { LANG: "C.UTF-8" } });
    assert.deepEqual([status, stdout], [6, ""]);
    return stderr;
  };

  it("is no program if it is none", () => {
    const own = installed("whole", standIn);
    fs.writeFileSync(path.join(windows.folder, "whole", CORE), "half a download");
    assert.match(refusal(own), /vouch-core\.exe cannot be started: .+\. \[core-unusable\]\n/);
  });

  it("is refused if others can write to it or to the helper", () => {
    const own = installed("whole", standIn);
    const file = (name: string) => path.join(windows.folder, "whole", name);
    fs.writeFileSync(file(HELPER), "a helper");
    for (const name of [CORE, HELPER]) {
      fs.chmodSync(file(name), 0o757);
      assert.match(
        refusal(own),
        new RegExp(
          `^error: (.*\\\\whole\\\\${name}) is writable by others\\. \\[core-unsafe\\]\n.*: \`icacls "\\1" /reset\`\n$`,
        ),
      );
      fs.chmodSync(file(name), 0o755);
    }
    started(windows.run([own]));
  });

  it("is refused if others can add files to its folder", () => {
    const own = installed("whole", standIn);
    fs.chmodSync(path.dirname(own), 0o757);
    assert.match(
      refusal(own),
      /^error: (.*\\whole) contains kubectl-vouch\.exe and is writable by others\. \[core-unsafe\]\n.*: `icacls "\1" \/reset`, then `icacls "\1" \/inheritance:r \/grant:r "\*S-1-5-21-[\d-]+:\(OI\)\(CI\)F" "\*S-1-5-18:\(OI\)\(CI\)F" "\*S-1-5-32-544:\(OI\)\(CI\)F"`\n$/,
    );
    fs.chmodSync(path.dirname(own), 0o755);
    started(windows.run([own]));
  });

  for (const name of ["$(calc)", "a`b", "%PATH%", "a”; calc"]) {
    it(`is refused without a command in which a shell would expand ${name}`, () => {
      const own = installed(name, standIn);
      const core = path.join(path.dirname(own), CORE);
      for (const unsafe of [core, path.dirname(own)]) {
        fs.chmodSync(unsafe, 0o757);
        const refused = refusal(own);
        fs.chmodSync(unsafe, 0o755);
        assert.match(refused, /writable by others\. \[core-unsafe\]\nReinstall it/);
        assert.doesNotMatch(refused, /icacls/);
      }
    });
  }

  it("is not started while another program can rename it", async () => {
    const own = installed("whole", standIn);
    const holder = await built("hold-file.exe", ["hold-file.c"], ["-municode"]);
    const { status, stderr } = windows.run([holder, path.join(path.dirname(own), CORE), own]);
    assert.equal(status, 6);
    assert.match(stderr, /vouch-core\.exe cannot be started: Sharing violation\. \[core-unusable\]\n/);
  });

  it("has no variable that could turn it, in whatever case it is written", () => {
    const own = installed("whole", standIn);
    const { variables } = started(
      windows.run([own], {
        env: {
          NODE_OPTIONS: "va=lue",
          node_debug: "http",
          Openssl_Conf: "x",
          SSLKEYLOGFILE: "y",
          SSLKEYLOGFILE2: "kept",
          KUBECTL_VOUCH_DROPPED_LD_PRELOAD: "evil",
          Kubectl_Vouch_Dropped_Uv_X: "evil",
          KUBECTL_VOUCH_CALLER: "evil",
          kubectl_vouch_caller: "evil",
        },
      }),
    );
    const turning = variables.filter((one) =>
      /^(?:node_|openssl_|ld_|uv_|sslkeylog|kubectl_vouch)/i.test(one),
    );
    assert.deepEqual(turning.toSorted(), [
      variables.find((one) => one.startsWith("KUBECTL_VOUCH_CALLER=")),
      "KUBECTL_VOUCH_DROPPED_NODE_DEBUG=http",
      "KUBECTL_VOUCH_DROPPED_NODE_OPTIONS=va=lue",
      "KUBECTL_VOUCH_DROPPED_OPENSSL_CONF=x",
      "KUBECTL_VOUCH_DROPPED_SSLKEYLOGFILE=y",
      "SSLKEYLOGFILE2=kept",
    ]);
    assert.doesNotMatch(variables.join("\n"), /evil/);
  });

  it("is told which process asks, and when that one started", () => {
    const own = `Z:${installed("whole", standIn)}`.replaceAll("/", "\\");
    const { stdout } = windows.run(["cmd", "/c", `${own} & ${own}`]);
    const [first = "", second = ""] = [
      ...stdout.matchAll(/KUBECTL_VOUCH_CALLER=\d+ ([1-9]\d* [1-9]\d{17}) /g),
    ].map(([, caller]) => caller);
    assert.notEqual(first, "");
    assert.equal(first, second);
  });

  it("is told the words of the process that asks, as a program of Windows splits them", async () => {
    const sources = ["judge-caller.c", "../../krew/launcher/caller.c"];
    const flags = ["-DNtQueryInformationProcess=asked_process", "-lntdll"];
    const judge = await built("judge-caller.exe", sources, flags);
    const words = ["cmd", "/c", `Z:${judge}`.replaceAll("/", "\\"), "apply", "-f", "-", "zoë", "a b"];
    // Otherwise wine does not know in which characters Linux' words are.
    const { status, stdout, stderr } = windows.run(words, { env: { LANG: "C.UTF-8" } });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const [own = ""] = stdout.split(" ");
    const caller = readCaller(stdout, Number(own));
    assert.match(caller?.start ?? "", /^1\d{17}$/);
    const told = commandWords(caller?.commandLine ?? "", true);
    assert.deepEqual(told?.slice(1), words.slice(1));
    assert.equal(readsStdinManifest(told ?? []), true);
    assert.equal(runsScripts(told ?? []), true);
  });

  it("finds a state folder that only its user can read", () => {
    const own = installed("whole", standIn);
    const others = () => fs.statSync(stateFolder()).mode & 0o007;
    fs.rmSync(stateFolder(), { recursive: true, force: true });
    started(windows.run([own]));
    assert.equal(others(), 0);
    fs.chmodSync(stateFolder(), 0o755);
    started(windows.run([own]));
    assert.equal(others(), 0);
  });

  it("finds a state folder elsewhere as it was, or a new one that only its user can read", () => {
    const own = `Z:${installed("whole", standIn)}`.replaceAll("/", "\\");
    const elsewhere = path.join(windows.folder, "elsewhere");
    const folder = path.join(elsewhere, "kubectl-vouch");
    fs.mkdirSync(elsewhere);
    fs.symlinkSync(elsewhere, path.join(windows.profile, "link"));
    const profile = `C:\\users\\${path.basename(windows.profile)}`;
    fs.symlinkSync(elsewhere, path.join(windows.drive, "elsewhere"));
    const places = [
      `Z:${elsewhere}`.replaceAll("/", "\\"),
      `${profile}\\link`,
      `${profile}\\..\\..\\elsewhere`,
    ];
    for (const named of places) {
      const runs = () => windows.run(["cmd", "/c", `set LOCALAPPDATA=${named}&${own}`]).status;
      assert.equal(runs(), STARTED);
      assert.equal(fs.statSync(folder).mode & 0o007, 0, named);
      fs.chmodSync(folder, 0o755);
      assert.equal(runs(), STARTED);
      assert.equal(fs.statSync(folder).mode & 0o777, 0o755, named);
      fs.rmdirSync(folder);
    }
  });

  it("ends when the launcher is ended", async () => {
    const core = path.join(windows.folder, "whole", CORE);
    const env = { ...windows.env, STAND_IN_WAITS: "1" };
    const launcher = spawn("wine", [installed("whole", standIn)], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    // Until the core runs, the launcher may not have made it part of what ends with it.
    await once(launcher.stdout, "readable");
    assert.equal(running(core), 1);
    launcher.kill("SIGKILL");
    for (let waited = 0; running(core) !== 0; waited += 50) {
      assert.ok(waited < 30_000, "the core still runs");
      await delay(50);
    }
  });
});

describe("who may use a file on Windows", () => {
  let judge: string;
  before(async function () {
    this.timeout(600_000);
    const sources = ["judge-access.c", "../../krew/launcher/access.c"];
    judge = await built("judge-access.exe", sources, ["-ladvapi32"]);
  });

  const OURS = "(A;;FA;;;USER)(A;;FA;;;SY)(A;;FA;;;BA)";
  const INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
  const COLLEAGUE = "S-1-5-21-1-2-3-1001";
  /** Rights, as in access.h: any, and those that change a file. */
  const [ANY, CHANGES] = ["ffffffff", "500d0156"];

  for (const [what, list, rights, isOurs] of [
    ["the user's", `O:USERD:P${OURS}`, ANY, true],
    ["Administrators', as files of elevated programs are", `O:BAD:${OURS}`, ANY, true],
    [
      "with an entry for whoever the owner is",
      `O:USERD:${OURS}(A;;FA;;;S-1-3-4)(A;OICIIO;GA;;;CO)`,
      ANY,
      true,
    ],
    ["with an entry that denies", `O:USERD:(D;;FW;;;WD)${OURS}`, ANY, true],
    ["with an empty access list", "O:USERD:P", ANY, true],
    ["in Program Files", `O:${INSTALLER}D:${OURS}(A;;FA;;;${INSTALLER})(A;;FRFX;;;BU)`, CHANGES, true],
    ["that Users may read, as a secret", `O:USERD:${OURS}(A;;FR;;;BU)`, ANY, false],
    ["that everyone may read, as a secret", `O:USERD:${OURS}(A;;FR;;;WD)`, ANY, false],
    ["that a colleague may read, as a secret", `O:USERD:${OURS}(A;;FR;;;${COLLEAGUE})`, ANY, false],
    ["that a colleague may append to", `O:USERD:${OURS}(A;;0x4;;;${COLLEAGUE})`, CHANGES, false],
    ["whose access a colleague may change", `O:USERD:${OURS}(A;;WD;;;${COLLEAGUE})`, CHANGES, false],
    [
      "in a folder of C:\\, which all who are logged in may change",
      `O:USERD:${OURS}(A;ID;0x1301bf;;;AU)`,
      CHANGES,
      false,
    ],
    ["in which Users may create files", `O:USERD:${OURS}(A;CI;0x2;;;BU)(A;;FRFX;;;BU)`, CHANGES, false],
    ["in which Users may create folders", `O:USERD:${OURS}(A;CI;0x4;;;BU)`, CHANGES, false],
    ["in which a colleague may delete files", `O:USERD:${OURS}(A;;0x40;;;${COLLEAGUE})`, CHANGES, false],
    ["whose new files Users may change", `O:USERD:${OURS}(A;OIIO;FW;;;BU)`, CHANGES, false],
    ["a colleague's", `O:${COLLEAGUE}D:${OURS}`, ANY, false],
    ["a colleague's, with an entry for the owner", `O:${COLLEAGUE}D:(A;;FA;;;S-1-3-4)`, ANY, false],
    ["without an access list", "", ANY, false],
  ] as const) {
    it(`${isOurs ? "ours" : "not ours"} alone: ${what}`, () => {
      const { status, stdout, stderr } = windows.run([judge, list, rights]);
      assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: isOurs ? "1" : "0", stderr: "" });
    });
  }
});

/** How many processes have this program in their memory. */
function running(program: string): number {
  return fs.readdirSync("/proc").filter((id) => {
    try {
      return /^\d+$/.test(id) && fs.readFileSync(`/proc/${id}/maps`, "utf8").includes(program);
    } catch {
      return false;
    }
  }).length;
}
