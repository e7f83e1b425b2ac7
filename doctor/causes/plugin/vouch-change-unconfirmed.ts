import { defineRule, doesNotApply, found } from "../../check/rule.ts";
import { forYou } from "../../fixes/fix.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/** Our own code. Source: plugin/commands/credential/confirm-change.ts. */
const UNCONFIRMED = /\[change-unconfirmed\]/;

export const vouchChangeUnconfirmed = defineRule({
  cause: {
    id: "V9",
    what: "The context is protected, and the change was not confirmed.",
    seen: "… is protected … [change-unconfirmed]",
    remedy: "Run the command in a terminal, and type the cluster's name when prompted.",
  },
  expects: "a change in a protected context is confirmed",
  needs: ["credentialErrors"],
  check({ credentialErrors }) {
    const error = credentialErrors.match(UNCONFIRMED);
    return error === undefined
      ? doesNotApply("no change was left unconfirmed")
      : found(errorConclusion(error, describe));
  },
});

function describe() {
  return {
    summary:
      "The context is protected, and the change was not confirmed, so kubectl-vouch did not issue a token.",
    evidence: [],
    falsifiedBy: "The plugin, run by itself, prints a token without a confirmation.",
    fixes: [
      forYou(
        "Run the command in a terminal, and type the cluster's name when prompted. In a script, set VOUCH_CONFIRM to the cluster's name for this one command.",
      ),
    ],
  };
}
