import { runCommand } from "../support/run-command.ts";
import type { Contestant } from "./measure.ts";

/** How many instructions a call takes, counted by valgrind: the same on every processor. NaN where there is no valgrind. */
export async function instructionsOf({ command, env = {} }: Contestant): Promise<number> {
  const valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"];
  const { status, stdout, stderr } = await runCommand([...valgrind, ...command], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
  }).catch(() => ({ status: -1, stdout: "", stderr: "" }));
  const [, count] = /Collected : (\d+)/.exec(stderr) ?? [];
  // Without its answer it has become another program, which is not counted.
  return status === 0 && stdout.includes("k8s-aws-v1.") ? Number(count) : Number.NaN;
}
