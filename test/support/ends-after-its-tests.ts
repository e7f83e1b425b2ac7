/**
 * For suites in processes of their own, by mocha's `--require`: one whose tests have ended must end, too. What it started and
 * did not close would keep it going until it is killed, and nobody would know why.
 */
import fs from "node:fs";

/** Milliseconds: for what closes by itself. */
const PATIENCE_MS = 30_000;

export const mochaHooks = {
  afterAll() {
    const timer = setTimeout(() => {
      const reasons = process.getActiveResourcesInfo().join(", ");
      fs.writeSync(2, `\nThe tests have ended, but their process has not. What keeps it going: ${reasons}\n`);
      // Listeners are called in the order in which they came: mocha's own sets the status of the tests.
      process.on("exit", () => {
        process.exitCode = 1;
      });
      process.exit();
    }, PATIENCE_MS);
    timer.unref();
  },
};
