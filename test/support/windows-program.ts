import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Toolchain } from "../../krew/launcher/toolchain.ts";

/** Builds a program for Windows on x64 from C files of this folder, or by their paths; returns its file, kept for this process. */
export async function buildProgram(
  { cc }: Pick<Toolchain, "cc">,
  sources: readonly string[],
  flags: readonly string[] = [],
): Promise<string> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-exe-"));
  process.on("exit", () => fs.rmSync(work, { recursive: true, force: true }));
  const files = sources.map((source) => path.resolve(import.meta.dirname, source));
  const words = ["-target", "x86_64-windows-gnu", "-Os", "-s", "-Wall", "-Werror", "-o", "program.exe"];
  await cc([...words, ...files, ...flags], work);
  return path.join(work, "program.exe");
}
