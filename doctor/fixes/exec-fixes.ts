import { stringify } from "yaml";
import type { Facts } from "../derive/facts.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { documentOf, type Fix } from "./fix.ts";
import { execArgs, setCredentials } from "./kubeconfig-commands.ts";
import { regenerateContext } from "./regenerate-context.ts";

type Entry = Pick<Facts, "context" | "exec">;

/**
 * Replaces the program of the exec block. kubectl forgets the arguments when the command alone is set (measured, 1.27 and
 * 1.36), so they are given again.
 */
export function useProgram({ context, exec }: Entry, program: string, description: string): Fix {
  if (exec === undefined) {
    return {
      audience: "you",
      description: `${description} (users[].user.exec.command in the kubeconfig)`,
      actions: [documentOf(stringify({ command: program }, { lineWidth: 0 }).trimEnd())],
    };
  }
  const fields = { "exec-command": program, ...execArgs(exec.args) };
  return { audience: "you", description, actions: [setCredentials({ context }, fields)] };
}

/** Regenerates the context with its own tool: that brings version, mode and arguments into order. */
export function regenerateEntry(
  facts: Pick<Facts, "evidence" | "context" | "exec">,
  description: string,
): Fix {
  return { audience: "you", description, actions: [regenerateContext(facts)] };
}

/** Words for one program's version in evidence: `aws-cli/2.36.7 (/usr/local/bin/aws)`. */
export function programSeen({ execCommand }: DoctorEvidence): string[] {
  const found = knownValue(execCommand);
  if (found?.version === undefined) return [];
  return [
    `${found.command} --version says ${found.version}${found.resolved === null ? "" : ` (${found.resolved})`}.`,
  ];
}
