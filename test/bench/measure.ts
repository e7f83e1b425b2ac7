import { spawnSync } from "node:child_process";

/** A program to be measured: what is run, with which environment. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Wall time of one call, in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly min: number;
  readonly median: number;
}

/**
 * Runs all contestants in turn, again and again, so that a busy machine slows all alike. Each call has a parent process
 * of its own, as with kubectl: a second call from the same parent means something else to us. Throws when one fails.
 */
export function measure(contestants: readonly Contestant[], rounds: number): Timing[] {
  const times = new Map(contestants.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of contestants) {
      times.get(contestant.name)?.push(timeOnce(contestant));
    }
  }
  return [...times].map(([name, all]) => {
    const sorted = all.sort((a, b) => a - b);
    return {
      name,
      min: sorted[0] ?? Number.NaN,
      median: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    };
  });
}

/** The shell is the parent; `wait` keeps it from becoming the program itself. */
function timeOnce({ name, command, env }: Contestant): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync("/bin/sh", ["-c", '"$@" >/dev/null; exit $?', "sh", ...command], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0)
    throw new Error(`${name} ended with status ${status}: ${stderr.toString().slice(0, 500)}`);
  return milliseconds;
}
