import { type DoctorEvidence, known } from "../evidence.ts";
import type { Mend } from "../rule.ts";
import type { Facts } from "./facts.ts";
import { rewriteContext } from "./rewrite-context.ts";

type Entry = Pick<Facts, "context" | "exec">;

/** Sets fields of the exec block that stand alone: its version, its interactive mode. kubectl keeps the rest. */
export function setExecFields(
  { context }: Pick<Facts, "context">,
  ...flags: readonly string[]
): readonly string[] {
  return ["kubectl", "config", "set-credentials", context?.userName ?? "USER", ...flags];
}

/**
 * Replaces the program of the exec block. kubectl forgets the arguments when the command alone is set (measured, 1.27 and
 * 1.36), so they are given again; as text where one holds a comma, at which kubectl would cut it.
 */
export function useProgram({ context, exec }: Entry, program: string, does: string): Mend {
  const args = exec?.args ?? [];
  if (exec === undefined || args.some((arg) => arg.includes(","))) {
    return {
      by: "you",
      does: `${does} (users[].user.exec.command in the kubeconfig)`,
      text: `command: ${program}`,
    };
  }
  const flags = [`--exec-command=${program}`, ...args.map((arg) => `--exec-arg=${arg}`)];
  return { by: "you", does, commands: [setExecFields({ context }, ...flags)] };
}

/** Writes the context anew with its own tool: that brings version, mode and arguments into order. */
export function writeAnew(facts: Pick<Facts, "evidence" | "context" | "exec">, does: string): Mend {
  return { by: "you", does, commands: [rewriteContext(facts)] };
}

/** Words for one program's version in evidence: `aws-cli/2.36.7 (/usr/local/bin/aws)`. */
export function programSeen({ execCommand }: DoctorEvidence): string[] {
  const found = known(execCommand);
  if (found?.version === undefined) return [];
  return [
    `${found.command} --version says ${found.version}${found.resolved === null ? "" : ` (${found.resolved})`}.`,
  ];
}
