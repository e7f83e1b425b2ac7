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
  // Its child holds the streams of the suite, in a session of its own.
  orphans: `it("leaves a child", () => {
    const options = { stdio: "inherit", detached: true };
    require("node:child_process").spawn("/bin/sh", ["-c", "sleep 40"], options).unref();
  });`,
};

describe("suites of judges", () => {
  const folder = tempFolder();

  it("end though one hangs, and though one leaves a timer or a process behind", async () => {
    const suites = Object.entries(SUITES).map(([name, source]) => {
      const file = path.join(folder(), `${name}.cjs`);
      fs.writeFileSync(file, source);
      return file;
    });
    const script = `
      const { runJudgedSuites } = await import(${JSON.stringify(RUNNER)});
      process.exitCode = await runJudgedSuites({
        suites: ${JSON.stringify(suites)},
        long: /hangs/,
        lacking: () => undefined,
        env: () => ({}),
        required: true,
        started: performance.now(),
        limitMs: 13_000,
      });`;
    const { status, stdout } = await runCommand([process.execPath, "--input-type=module", "-e", script], {
      env: { PATH: process.env["PATH"] ?? "" },
    });
    const failed = [...stdout.matchAll(/^failed: .*\/(\w+)\.cjs$/gm)].map(([, name]) => name);
    assert.deepEqual([status, failed.sort()], [1, ["fails", "hangs", "lingers"]]);
    assert.match(stdout, /^killed: it had not ended after 13 s$/m);
    assert.match(
      stdout,
      /^The tests have ended, but their process has not\. What keeps it going: .*Timeout$/m,
    );
  });
});
