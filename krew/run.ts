import { spawn } from "node:child_process";

/** What a release cannot be made without, or what is wrong with what was made; with what to do, and no stack. */
export class ReleaseError extends Error {}

/** How much of a failed program's words is repeated, in characters. */
const SAID_LIMIT = 4000;

/** Programs that run now, each the leader of a group with what it has started itself. */
const running = new Set<number>();

/** Ends all that {@link run} has started, with their children: for a build that is stopped. */
export function endPrograms(): void {
  for (const group of running) {
    try {
      process.kill(-group, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

/**
 * Runs a program to its end, in this environment or in a given one and nothing of this, and gives its standard output.
 *
 * @throws ReleaseError when it fails or is not there.
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
    // It may end before it has read all.
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
