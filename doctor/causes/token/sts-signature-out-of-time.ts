import { sentence } from "../../../token/command/sentence.ts";
import { showTime } from "../../../token/command/tasks.ts";
import { defineRule, found, passed } from "../../check/rule.ts";
import { CLOCK_WORDS, SET_CLOCK } from "../../fixes/machine-fixes.ts";
import { errorConclusion } from "../shared/error-rule.ts";

/** The clock as shown by rejections; aws-clock-skew uses clocks that were compared. */
export const stsSignatureOutOfTime = defineRule({
  cause: "S8",
  expects: "AWS and the Vouch server accept the signing time of this machine",
  needs: ["credentialErrors"],
  check({ credentialErrors }, seen) {
    const error = credentialErrors.match(CLOCK_WORDS);
    if (error === undefined) return passed;
    const agrees = seen.clocks?.some(({ aheadSeconds }) => Math.abs(aheadSeconds) < 60) === true;
    const confidence = agrees ? "possible" : error.confidence;
    return found(
      errorConclusion({ ...error, confidence, inferred: agrees }, () => ({
        summary: "This machine's clock is wrong, so its signatures have the wrong time.",
        evidence: [agrees && "A clock compared since then agrees with this machine's."],
        falsifiedBy: sentence`${showTime()} shows the right time.`,
        fixes: SET_CLOCK,
      })),
    );
  },
});
