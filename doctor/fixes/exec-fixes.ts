import { stringify } from "yaml";
import { run } from "../../token/command/command.ts";
import { type Sentence, sentence } from "../../token/command/sentence.ts";
import type { Facts } from "../derive/facts.ts";
import { type DoctorEvidence, knownValue } from "../evidence/evidence.ts";
import { documentOf, type Fix, forYou } from "./fix.ts";
import { setExec } from "./kubeconfig-commands.ts";

/**
 * Replaces the program of the exec block. kubectl drops the arguments if only the command is set (measured, 1.27 and 1.36), so
 * they are passed again.
 */
export function useProgram(facts: Facts, program: string, description: string): Fix {
  const { exec } = facts;
  if (exec === undefined) {
    return forYou(
      `${description} (users[].user.exec.command in the kubeconfig)`,
      documentOf(stringify({ command: program }, { lineWidth: 0 }).trimEnd()),
    );
  }
  return forYou(description, setExec(facts, { command: program, args: exec.args }));
}

/** Plugins that a reader of the fix can be expected to have under these names. */
const KNOWN_PLUGINS: readonly string[] = ["aws", "aws-iam-authenticator", "kubectl-vouch", "vouch"];

/**
 * How to query a program's version, as the beginning of a sentence. Other programs in a kubeconfig can be anyone's, so no
 * command to run them is printed.
 */
export function askVersion(program: string): Sentence {
  return KNOWN_PLUGINS.includes(program)
    ? sentence`${run(program, "--version")}`
    : `The version command of ${program}`;
}

/** A sentence of evidence about the program's version: `aws-cli/2.36.7 (/usr/local/bin/aws)`. */
export function programSeen({ execCommand }: DoctorEvidence): string[] {
  const found = knownValue(execCommand);
  if (found?.version === undefined) return [];
  return [
    `${found.command} --version prints ${found.version}${found.resolved === null ? "" : ` (${found.resolved})`}.`,
  ];
}
