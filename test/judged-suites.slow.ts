import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { runCommand } from "./support/run-command.ts";
import { tempFolder } from "./support/temp-folder.ts";

const RUNNER = path.join(import.meta.dirname, "support", "judged-suites.ts");

/** Suites by their names, which say how each ends. */
const SUITES: Readonly<Record<string, string>> = {
  passes: 'it("is fine", () => {});',
  fails: 'it("is broken", () => { throw new Error(); });',
  skips: 'it.skip("is skipped", () => {});',
  pends: 'it("is to be written");',
  empties: 'describe("nothing", () => {});',
  kills: 'it("ends it all", () => process.kill(process.pid, "SIGKILL"));',
  hangs: `it("never ends", () => { for (;;); });`,
  // Its child holds the streams of the suite, in a session of its own, until the suite is removed.
  orphans: `it("leaves a child", () => {
    const options = { stdio: "inherit", detached: true };
    require("node:child_process").spawn("/bin/sh", ["-c", 'while [ -e "$0" ]; do sleep 1; done', __filename], options).unref();
  });`,
};

describe("suites of judges", () => {
  const folder = tempFolder();

  /** Which of these suites the runner says to have failed, and why others are skipped; its exit code. `lacks` lacks something. */
  async function run(names: readonly string[], { required = false, limitMs = 120_000 } = {}) {
    const suites = names.map((name) => path.join(folder(), `${name}.cjs`));
    for (const [index, name] of names.entries()) fs.writeFileSync(suites[index] ?? "", SUITES[name] ?? "");
    const script = `
      const { runJudgedSuites } = await import(${JSON.stringify(RUNNER)});
      process.exitCode = await runJudgedSuites({
        suites: ${JSON.stringify(suites)},
        long: /none/,
        lacking: (file) => /lacks/.test(file) ? "Go is not on PATH" : undefined,
        env: () => ({}),
        required: ${required},
        started: performance.now(),
        limitMs: ${limitMs},
      });`;
    const command = [process.execPath, "--input-type=module", "-e", script];
    const { status, stdout } = await runCommand(command, { env: { PATH: process.env["PATH"] ?? "" } });
    const told = (word: string) => [...stdout.matchAll(new RegExp(`^${word}: (.*)\\.cjs$`, "gm"))];
    const failed = told("failed").map(([, file = ""]) => path.basename(file));
    const skipped = told("skipped").map(([, why = ""]) => why.replace(/: \/.*/, ""));
    return { status, failed, skipped };
  }

  it("fail where one fails, skips or leaves out a test, has none, or dies", async () => {
    const bad = ["empties", "fails", "kills", "pends", "skips"];
    const { failed, ...rest } = await run(["passes", ...bad]);
    assert.deepEqual({ failed: failed.sort(), ...rest }, { status: 1, failed: bad, skipped: [] });
  });

  it("fail where one never ends", async () => {
    assert.deepEqual(await run(["hangs"], { limitMs: 2000 }), { status: 1, failed: ["hangs"], skipped: [] });
  });

  it("end though a process that one started lives on and holds its streams", async () => {
    assert.deepEqual(await run(["orphans"]), { status: 0, failed: [], skipped: [] });
  });

  it("tell which are skipped, and why; where all have to be there that is a failure", async () => {
    const told = { failed: [], skipped: ["Go is not on PATH"] };
    assert.deepEqual(await run(["passes", "lacks"]), { status: 0, ...told });
    assert.deepEqual(await run(["passes", "lacks"], { required: true }), { status: 1, ...told });
  });

  it("are none for a word that is in no path, beside one that is", async () => {
    const choose = (...words: string[]) => `
      const { chosenSuites } = await import(${JSON.stringify(RUNNER)});
      console.log(chosenSuites("test/peers/**/*.peer.ts", ${JSON.stringify(words)}).join());`;
    const env = { PATH: process.env["PATH"] ?? "" };
    const chosen = (...words: string[]) =>
      runCommand([process.execPath, "--input-type=module", "-e", choose(...words)], { env });
    const { status, stdout } = await chosen("aws-token");
    assert.deepEqual({ status, stdout }, { status: 0, stdout: "test/peers/aws-cli/aws-token.peer.ts\n" });
    const refused = await chosen("aws-token", "doctor-lives");
    assert.equal(refused.status, 2);
    assert.match(refused.stdout, /^No suite has doctor-lives in its path; these are all:\n/);
  });

  it("fail where none is left", async () => {
    assert.deepEqual(await run(["lacks"]), { status: 1, failed: [], skipped: ["Go is not on PATH"] });
  });
});

describe("a suite whose tests have ended", () => {
  const folder = tempFolder();

  /** A suite that starts a timer, and that ends it `after` its tests. */
  async function run(after: string) {
    const suite = path.join(folder(), "suite.cjs");
    fs.writeFileSync(
      suite,
      `const timer = setInterval(() => {}, 1000);
      after(() => ${after});
      it("is fine", () => {});`,
    );
    const mocha = path.join(import.meta.dirname, "..", "node_modules", ".bin", "mocha");
    const ends = path.join(import.meta.dirname, "support", "ends-after-its-tests.ts");
    const { status, stderr } = await runCommand([process.execPath, mocha, "--require", ends, suite], {
      env: {},
    });
    return { status, stderr };
  }

  it("passes when its process ends, too", async () => {
    assert.deepEqual(await run("clearInterval(timer)"), { status: 0, stderr: "" });
  });

  it("fails when its process goes on, and says for the sake of what", async () => {
    const { status, stderr } = await run("undefined");
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^\nThe tests have ended, but their process has not\. What keeps it going: .*Timeout\n$/,
    );
  });
});
