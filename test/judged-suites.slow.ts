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
  hangs: 'it("never ends", () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); });',
  lingers: 'it("leaves a timer", () => { setInterval(() => {}, 1000); });',
  // Its child holds the streams of the suite, in a session of its own, until the suite is removed.
  orphans: `it("leaves a child", () => {
    const options = { stdio: "inherit", detached: true };
    require("node:child_process").spawn("/bin/sh", ["-c", 'while [ -e "$0" ]; do sleep 1; done', __filename], options).unref();
  });`,
};

describe("suites of judges", () => {
  const folder = tempFolder();

  /** What the runner prints of these suites, and which it says have failed; its exit code. */
  async function run(names: readonly string[], limitMs: number) {
    const suites = names.map((name) => path.join(folder(), `${name}.cjs`));
    for (const [index, name] of names.entries()) fs.writeFileSync(suites[index] ?? "", SUITES[name] ?? "");
    const script = `
      const { runJudgedSuites } = await import(${JSON.stringify(RUNNER)});
      process.exitCode = await runJudgedSuites({
        suites: ${JSON.stringify(suites)},
        long: /none/,
        lacking: () => undefined,
        env: () => ({}),
        required: true,
        started: performance.now(),
        limitMs: ${limitMs},
      });`;
    const { status, stdout } = await runCommand([process.execPath, "--input-type=module", "-e", script], {
      env: { PATH: process.env["PATH"] ?? "" },
    });
    const failed = [...stdout.matchAll(/^failed: .*\/(\w+)\.cjs$/gm)].map(([, name]) => name);
    return { status, stdout, failed: failed.sort() };
  }

  it("end though one hangs", async () => {
    const { status, stdout, failed } = await run(["hangs"], 2000);
    assert.deepEqual([status, failed], [1, ["hangs"]]);
    assert.match(stdout, /^killed: it had not ended after 2 s$/m);
  });

  it("end though one leaves a timer or a process behind", async () => {
    const { status, stdout, failed } = await run(["passes", "fails", "lingers", "orphans"], 600_000);
    assert.deepEqual([status, failed], [1, ["fails", "lingers"]]);
    assert.match(
      stdout,
      /^The tests have ended, but their process has not\. What keeps it going: .*Timeout$/m,
    );
  });
});
