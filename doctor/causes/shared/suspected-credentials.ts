import type { Suspected, Suspicion } from "../../check/suspicion.ts";
import { isUnknownCaller } from "./refused-caller.ts";

/** Causes that fit a plugin that failed, where its own words are not known: with them, their rules decide. */
export function suspectedCredentials(
  causes: Suspected["causes"],
  suspicion: Omit<Suspicion, "hinted" | "hints" | "audience">,
  hint?: { readonly words: RegExp; readonly text: string },
): Suspected {
  return {
    causes,
    suspicion: (facts) => {
      if (facts.exec !== undefined || facts.pluginRun !== undefined || !isUnknownCaller(facts))
        return undefined;
      const isHinted = hint?.words.test(facts.pastedError ?? "") === true;
      return { ...suspicion, audience: "you", hinted: isHinted, hints: isHinted ? [hint.text] : [] };
    },
  };
}
