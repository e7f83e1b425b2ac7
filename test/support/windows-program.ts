import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { gateHeader } from "../../krew/launcher/build.ts";
import type { Toolchain } from "../../krew/launcher/toolchain.ts";

const LAUNCHER = path.resolve(import.meta.dirname, "../../krew/launcher");

interface WindowsProgram {
  /** C files, by their paths relative to this folder; they may include those of the launcher. */
  readonly sources: readonly string[];
  readonly flags?: readonly string[];
  /** The program to make. */
  readonly file: string;
}

/** Builds a program for Windows on x64, and returns its file. */
export async function buildProgram(
  { cc }: Pick<Toolchain, "cc">,
  { sources, flags = [], file }: WindowsProgram,
): Promise<string> {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), "kubectl-vouch-exe-"));
  try {
    fs.writeFileSync(path.join(work, "gate.h"), gateHeader());
    const files = sources.map((source) => path.resolve(import.meta.dirname, source));
    const words = ["-target", "x86_64-windows-gnu", "-Os", "-s", "-Wall", "-I.", "-I", LAUNCHER];
    await cc([...words, "-o", file, ...files, ...flags], work);
    return file;
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}
