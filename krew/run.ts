import { spawn } from "node:child_process";

/** What is missing for a release, or what is wrong with the result; with what to do, and without a stack. */
export class ReleaseError extends Error {}

/** How much of a failed program's output is repeated, in characters. */
const SAID_LIMIT = 4000;

/** Running programs, each the leader of a process group with its children. */
const running = new Set<number>();

/** Ends everything that {@link run} has started, with their children, when a build is stopped. */
export function endPrograms(): void {
  for (const group of running) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It has already ended.
    }
  }
}

/**
 * Runs a program to its end, in this environment or only in the given one, and returns its standard output.
 *
 * @throws ReleaseError if it fails or does not exist.
 */
export function run(
  program: string,
  args: readonly string[],
  {
    cwd,
    env = process.env,
    hint,
    input = "",
  }: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly hint?: string;
    /** For its standard input. */
    readonly input?: string;
  } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const { pid } = child;
    // It may end before it has read everything.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    if (pid !== undefined) running.add(pid);
    let out = "";
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-SAID_LIMIT);
    });
    const refuse = (why: string) =>
      reject(new ReleaseError([`${program} ${why}.`, hint, said.trim()].filter(Boolean).join("\n")));
    child.once("error", (error) => refuse(`cannot be run: ${error.message}`));
    child.once("close", (status, signal) => {
      if (pid !== undefined) running.delete(pid);
      if (status === 0) resolve(out);
      else refuse(`ended with ${signal ?? `status ${status}`}: ${args.join(" ")}`);
    });
  });
}
