import { execFileSync } from "node:child_process";
import path from "node:path";
import type { CommandResult } from "./run-command.ts";

/** The status that the stand-in ends with. */
export const STAND_IN_STATUS = 77;

/** How the stand-in was started. Texts have one byte in each character, since not all of them are UTF-8. */
export interface CoreStart {
  /** argv[0] first. */
  readonly words: readonly string[];
  /** `NAME=value`, in their order. */
  readonly variables: readonly string[];
}

/** Compiles a program that stands in for vouch-core, and reports how it was started. Needs a C compiler. */
export function compileStandIn(file: string): void {
  const source = path.join(import.meta.dirname, "stand-in-core.c");
  execFileSync("gcc", ["-static", "-O1", "-o", file, source], { stdio: "pipe" });
}

/** What the stand-in reported; undefined if something else ran. */
export function coreStart({ status, stdout }: CommandResult): CoreStart | undefined {
  if (status !== STAND_IN_STATUS) return undefined;
  const [count, ...texts] = stdout.split("\0").slice(0, -1);
  return { words: texts.slice(0, Number(count)), variables: texts.slice(Number(count)) };
}
