import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { endPrograms, ReleaseError, run } from "../../krew/run.ts";
import { onLinux, onPosix } from "../support/platform.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe("run", () => {
  const folder = tempFolder();
  const node = (code: string, options = {}) => run(process.execPath, ["-e", code], options);

  it("gives what a program writes to standard output", async () => {
    assert.equal(await node("console.log('a'); console.error('b')"), "a\n");
  });

  onPosix("programs", "gives a program the environment that is asked for, and nothing of ours", async () => {
    const names = "console.log(Object.keys(process.env).join())";
    // Node adds this one by itself where coverage is taken.
    const given = await node(names, { env: { ONLY: "1" } });
    assert.equal(given.replace(",NODE_V8_COVERAGE", ""), "ONLY\n");
    assert.equal((await node(names)).trim(), Object.keys(process.env).join());
  });

  it("says how a program failed, and what it said", async () => {
    await assert.rejects(node("console.error('no disk'); process.exit(3)"), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, / ended with status 3: -e .*\nno disk$/s);
      return true;
    });
  });

  it("says which program is missing, and how to get it", async () => {
    await assert.rejects(run("/nowhere/zig", [], { hint: "Install it." }), (error) => {
      assert.ok(error instanceof ReleaseError);
      assert.match(error.message, /^\/nowhere\/zig cannot be run: .*ENOENT\.?\nInstall it\.$/);
      return true;
    });
  });

  onLinux("ends a program that runs, with its children, when the build is stopped", async () => {
    const told = path.join(folder(), "child");
    const script = `const args = ["-e", "setTimeout(() => undefined, 60_000)"];
      const child = require("node:child_process").spawn(process.execPath, args, { stdio: "inherit" });
      require("node:fs").writeFileSync(${JSON.stringify(told)}, String(child.pid));`;
    const waiting = assert.rejects(node(script), /ended with SIGKILL/);
    while (!fs.existsSync(told) || fs.readFileSync(told, "utf8") === "") await delay(20);
    const child = fs.readFileSync(told, "utf8");
    assert.equal(isRunning(child), true);
    endPrograms();
    await waiting;
    // Its pipes are closed before it has ended, so that who waits for them comes a moment too early.
    while (isRunning(child)) await delay(20);
  });
});

/** A dead process stays listed until its new parent asks for it. */
function isRunning(processId: string): boolean {
  const file = `/proc/${processId}/stat`;
  return fs.existsSync(file) && !/\) Z /.test(fs.readFileSync(file, "utf8"));
}
