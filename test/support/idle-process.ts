import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { setTimeout } from "node:timers/promises";

/**
 * A process that does nothing and calls itself kubectl, with these words after its program's name. The test must kill it.
 */
export function idleProcess(words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)", ...words], {
    argv0: "kubectl",
    stdio: "ignore",
  });
  return begun(child);
}

/**
 * One with exactly these words, of which the second is no option: a shell whose script has its name. The folder is for that script;
 * the test must kill the process.
 */
export function idleCommand(
  [program = "", verb = "", ...words]: readonly string[],
  folder: string,
): Promise<ChildProcess> {
  fs.writeFileSync(`${folder}/${verb}`, "read line\n");
  const child = spawn("/bin/sh", [verb, ...words], {
    argv0: program,
    cwd: folder,
    stdio: ["pipe", "ignore", "ignore"],
  });
  return begun(child);
}

/** Linux reports a start before the process has its words. */
async function begun(child: ChildProcess): Promise<ChildProcess> {
  await once(child, "spawn");
  const words = `/proc/${child.pid}/cmdline`;
  while (process.platform === "linux" && fs.readFileSync(words).length === 0) await setTimeout(1);
  return child;
}
