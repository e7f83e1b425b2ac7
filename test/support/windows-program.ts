import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gateHeader } from "../../krew/launcher/build.ts";
import type { Toolchain } from "../../krew/launcher/toolchain.ts";

const LAUNCHER = path.resolve(import.meta.dirname, "../../krew/launcher");

/**
 * Builds a program for Windows on x64 from C files, by their paths relative to this folder; they may include those of the launcher.
 * Returns its file, which is kept for this process.
 */
export async function buildProgram(
  { cc }: Pick<Toolchain, "cc">,
  sources: readonly string[],
  flags: readonly string[] = [],
): Promise<string> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-exe-"));
  process.on("exit", () => fs.rmSync(work, { recursive: true, force: true }));
  fs.writeFileSync(path.join(work, "gate.h"), gateHeader());
  const files = sources.map((source) => path.resolve(import.meta.dirname, source));
  const words = ["-target", "x86_64-windows-gnu", "-Os", "-s", "-Wall", "-I.", "-I", LAUNCHER];
  await cc([...words, "-o", "program.exe", ...files, ...flags], work);
  return path.join(work, "program.exe");
}
