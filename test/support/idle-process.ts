import { type ChildProcess, spawn } from "node:child_process";

/**
 * A process that does nothing and calls itself kubectl, with these words behind its program's name. Ends with the test that
 * kills it.
 */
export function idleProcess(words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)", ...words], {
    argv0: "kubectl",
    stdio: "ignore",
  });
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child));
    child.once("error", reject);
  });
}
