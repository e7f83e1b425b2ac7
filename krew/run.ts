import { spawn } from "node:child_process";

/** What a release cannot be made without, or what is wrong with what was made; with what to do, and no stack. */
export class ReleaseError extends Error {}

/** How much of a failed program's words is repeated, in characters. */
const SAID_LIMIT = 4000;

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
  }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly hint?: string } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
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
    child.once("close", (status, signal) =>
      status === 0 ? resolve(out) : refuse(`ended with ${signal ?? `status ${status}`}: ${args.join(" ")}`),
    );
  });
}
