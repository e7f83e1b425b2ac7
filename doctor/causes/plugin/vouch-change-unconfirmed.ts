import { forYou } from "../../fixes/fix.ts";
import { defineErrorRule } from "../shared/error-rule.ts";

export const vouchChangeUnconfirmed = defineErrorRule({
  cause: {
    id: "V9",
    what: "The context is protected, and the change was not confirmed.",
    seen: "… is protected … [change-unconfirmed]",
    remedy: "Run the command in a terminal, and type the cluster's name when prompted.",
  },
  expects: "a change in a protected context is confirmed",
  // Our own code. Source: plugin/commands/credential/confirm-change.ts.
  pattern: /\[change-unconfirmed\]/,
  describe: () => ({
    summary:
      "The context is protected, and the change was not confirmed, so kubectl-vouch did not issue a token.",
    evidence: [],
    falsifiedBy: "The plugin, run by itself, prints a token without a confirmation.",
    fixes: [
      forYou(
        "Run the command in a terminal, and type the cluster's name when prompted. In a script, set VOUCH_CONFIRM to the cluster's name for this one command.",
      ),
    ],
  }),
});
