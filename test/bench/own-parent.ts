import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Contestant } from "./measure.ts";

/** What calls of one program took, the quickest first. */
export interface Calls {
  readonly name: string;
  /** Milliseconds. */
  readonly min: number;
  readonly median: number;
  /** Largest memory of a call, in kB. */
  readonly memory: number;
}

/**
 * Runs all contestants in turn by a small C program (own-parent.c), each call with a parent of its own. The lab can answer
 * meanwhile. Throws when a call fails.
 */
export async function timeCalls(contestants: readonly Contestant[], rounds: number): Promise<Calls[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-bench-"));
  try {
    const child = spawn(compiled(folder), { stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.end(`${rounds}\0${contestants.map(asInput).join("")}`);
    const [output, said] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (said !== "") throw new Error(said);
    const calls = output
      .trim()
      .split("\n")
      .map((line) => line.split(" ").map(Number));
    return contestants.map(({ name }, index) =>
      summed(
        name,
        calls.filter(([program]) => program === index),
      ),
    );
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function compiled(folder: string): string {
  const program = path.join(folder, "own-parent");
  const source = path.join(import.meta.dirname, "own-parent.c");
  const { status, stderr } = spawnSync("cc", ["-O2", "-o", program, source], { encoding: "utf8" });
  if (status !== 0) throw new Error(`A C compiler is needed, \`apt-get install gcc\`: ${stderr}`);
  return program;
}

function asInput({ command, env }: Contestant): string {
  const variables = Object.entries({ PATH: process.env["PATH"], ...env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  return [command.length, ...command, variables.length, ...variables].map((word) => `${word}\0`).join("");
}

function summed(name: string, calls: readonly number[][]): Calls {
  const times = calls.map(([, nanoseconds = Number.NaN]) => nanoseconds / 1e6).sort((a, b) => a - b);
  return {
    name,
    min: times[0] ?? Number.NaN,
    median: times[Math.floor(times.length / 2)] ?? Number.NaN,
    memory: Math.max(...calls.map(([, , kilobytes = Number.NaN]) => kilobytes)),
  };
}
