import { spawn } from "node:child_process";

/** How a command ended, and all its output. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** The whole environment: nothing of ours leaks in. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly cwd?: string;
  /** Ends a command that hangs, in milliseconds; four minutes when absent. */
  readonly timeoutMs?: number;
}

/** Runs a program to its end. Rejects when it cannot be started or takes too long. */
export function runCommand(
  command: readonly string[],
  { env, stdin = "", cwd, timeoutMs = 240_000 }: CommandOptions,
): Promise<CommandResult> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: "pipe",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(
        new Error(
          `${command.join(" ")} took longer than ${timeoutMs} ms; it said: ${Buffer.concat(stderr).toString()}`,
        ),
      );
    }, timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({
        status: status ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}
