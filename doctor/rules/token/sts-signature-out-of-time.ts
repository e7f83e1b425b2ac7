import { run } from "../../../token/command/command.ts";
import { sentence } from "../../../token/command/sentence.ts";
import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { refusalIn } from "../../derive/failure/error-sources.ts";
import { CLOCK_WORDS, SET_CLOCK } from "../../fixes/clock-words.ts";

/** The clock seen from the refusals; aws-clock-skew sees it from clocks that were compared. */
export const stsSignatureOutOfTime = defineLegacyRule({
  code: "sts-signature-out-of-time",
  stage: "token",
  causes: ["S8"],
  expects: "AWS and the Vouch server accept the date of what is signed here",
  needs: ["errorSources"],
  judge(facts) {
    const refusal = refusalIn(facts, CLOCK_WORDS);
    if (refusal === undefined) return [];
    const { said, quote: _, severity, confidence } = refusal;
    const clocks = facts.clocks ?? [];
    const agrees = clocks.some(({ aheadSeconds }) => Math.abs(aheadSeconds) < 60);
    return [
      {
        cause: "S8",
        stage: "token",
        severity,
        confidence: agrees ? "possible" : confidence,
        inferred: agrees,
        summary: "What this machine signs has the wrong time: its clock is off.",
        evidence: [said, ...(agrees ? ["A clock that was compared since agrees with this machine's."] : [])],
        falsifiedBy: sentence`${run("date", "-u")} shows the right time.`,
        fixes: SET_CLOCK,
      },
    ];
  },
});
