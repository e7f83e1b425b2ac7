import { type Sentence, sentence } from "../../token/command/sentence.ts";
import type { Confidence } from "../derive/confidence.ts";
import type { Action, Fix } from "./fix.ts";

/**
 * Whether a fix removes something, or changes the authentication mode, which cannot be undone. Source: doctor/EKS-ACCESS.md,
 * "Authentication mode".
 */
function isIrreversible({ actions = [] }: Fix): boolean {
  return actions.some(cannotBeUndone);
}

function cannotBeUndone(action: Action): boolean {
  switch (action.kind) {
    case "set-authentication-mode":
    case "delete-access-entry":
      return true;
    case "run":
      return action.program === "kubectl" && action.verb[0] === "delete";
    default:
      return false;
  }
}

interface Cure {
  readonly confidence: Confidence;
  readonly falsifiedBy: Sentence;
  readonly fixes: readonly Fix[];
}

/** The fixes of a finding; if it is not certain, and the first fix cannot be undone, how to make sure comes first. */
export function surelyFixed({ confidence, fixes, falsifiedBy }: Cure): readonly Fix[] {
  const [first] = fixes;
  if (first === undefined || confidence === "certain" || !isIrreversible(first)) return fixes;
  const description = sentence`First make sure of the cause, since the next fix cannot be undone. It is not the cause if: ${falsifiedBy}`;
  return [{ audience: first.audience, description }, ...fixes];
}
