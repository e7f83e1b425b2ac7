import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { commandWords, flagValue } from "../kubeconfig/command-words.ts";
import type { EffectiveContext } from "../kubeconfig/effective-context.ts";

/** Somebody whom the call pretends to be. */
export interface Impersonation {
  /** Undefined when only groups are put on. */
  readonly user: string | undefined;
  /** `--as bob in the command` */
  readonly source: string;
}

/** Whom the command or the kubeconfig user pretends to be; undefined when neither does. */
export function impersonationOf(facts: {
  readonly evidence: DoctorEvidence;
  readonly context: EffectiveContext | undefined;
}): Impersonation | undefined {
  const words = commandWords(facts.evidence.question?.command ?? "");
  const flag = flagValue(words, "--as");
  if (flag !== undefined) return { user: flag, source: `--as ${flag} in the command` };
  const group = flagValue(words, "--as-group");
  if (group !== undefined) return { user: undefined, source: `--as-group ${group} in the command` };
  const { context } = facts;
  const written = context?.user?.body["as"] ?? context?.user?.body["act-as"];
  if (typeof written !== "string" || written === "") return undefined;
  return { user: written, source: `"as: ${written}" at user ${context?.userName} in ${context?.user?.path}` };
}
