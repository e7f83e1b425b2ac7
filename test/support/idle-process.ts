import { type ChildProcess, spawn } from "node:child_process";

/**
 * A process that does nothing and calls itself kubectl, with these words after its program's name. The test must kill it.
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
