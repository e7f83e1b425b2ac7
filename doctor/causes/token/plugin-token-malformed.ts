import { kubectl } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { cannotTell, defineRule, found, passed } from "../../check/rule.ts";
import { regenerateEntry } from "../../fixes/regenerate-context.ts";

/**
 * Steps of the verifier that check the form of a token, without those for its length, host and dates, which are separate causes.
 * Source: token/eks/EKS-TOKEN.md, "Verifier".
 */
const BY_FORM = new Set([2, 3, 4, 6, 7, 8, 9, 10, 11]);

export const pluginTokenMalformed = defineRule({
  cause: {
    id: "V7",
    what: "The token has a defect, so the verifier rejects it.",
    seen: "401",
    remedy: "Recreate the entry with a plugin that makes EKS tokens.",
  },
  expects: "the plugin's token has the format that an EKS verifier accepts",
  needs: ["preAuthSeverity", "token"],
  check({ preAuthSeverity: severity, token }) {
    if (token.problems === undefined) return cannotTell("token");
    const broken = token.problems.filter(({ step }) => BY_FORM.has(step));
    if (broken.length === 0) return passed;
    return found({
      severity,
      confidence: "certain",
      explains: ["K10"],
      describe: (facts) => ({
        summary: `${facts.exec?.program ?? "The plugin"} returns a token that no EKS verifier accepts: ${broken[0]?.problem}.`,
        evidence: broken.map(({ step, problem }) => `Step ${step} of the verifier: ${problem}.`),
        falsifiedBy: sentence`${kubectl("vouch token explain")} finds no problem in a fresh token.`,
        fixes: regenerateEntry(
          facts,
          "Recreate the entry with a plugin that creates EKS tokens; look for a wrapper that changes its output.",
        ),
      }),
    });
  },
});
