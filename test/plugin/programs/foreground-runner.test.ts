import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import os from "node:os";
import path from "node:path";
import { onPosix } from "../../support/platform.ts";

const RUNNER = path.resolve(import.meta.dirname, "../../../plugin/programs/foreground-runner.ts");

/** Starts us without a terminal around a shell that says when it is there, and how it was told to end. */
function startWithoutTerminal() {
  const script = 'trap "exit 7" INT; trap "exit 8" TERM; echo there; while :; do sleep 0.05; done';
  const code = `
    import { foregroundRunner } from ${JSON.stringify(RUNNER)};
    process.on("SIGINT", () => process.exit(130));
    const run = foregroundRunner({ env: process.env, platform: process.platform, homeDir: "/" }, "/bin/sh");
    const { status } = await run(["-c", ${JSON.stringify(script)}], { PATH: "/usr/bin:/bin" });
    process.exit(status);`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: os.tmpdir(),
    detached: true,
  });
}

describe("a program in the foreground, where no terminal is", () => {
  for (const [signal, status] of [
    ["SIGINT", 7],
    ["SIGTERM", 8],
  ] as const) {
    onPosix("signals", `gets the ${signal} that is sent to us`, async () => {
      const us = startWithoutTerminal();
      await once(us.stdout, "data");
      us.kill(signal);
      const [code] = await once(us, "exit");
      assert.equal(code, status);
    });
  }
});
