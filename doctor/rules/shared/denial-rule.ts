import { type Sentence, sentence } from "../../../token/command/sentence.ts";
import type { CauseId } from "../../catalogue/rows.ts";
import { defineRule, type Rule } from "../../check/rule.ts";
import { doesNotApply, found } from "../../check/verdict.ts";
import type { ClassifiedDenial, DenialCause } from "../../derive/authorization/classified-denial.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import { minConfidence } from "../../derive/mapping/auth-failure-confidence.ts";
import { canI } from "../../fixes/can-i.ts";
import type { Fix } from "../../fixes/fix.ts";

/** A rule that explains denied requests of one kind, to an identity that the cluster accepts. */
interface DenialRule extends Pick<Rule, "code" | "expects"> {
  readonly cause: DenialCause;
  /** The most that this cause can claim; *certain* unless said. */
  readonly confidence?: (denial: ClassifiedDenial) => Confidence;
  readonly explains?: readonly CauseId[];
  readonly describe: (denial: ClassifiedDenial, facts: Facts) => DenialDescription;
}

interface DenialDescription {
  readonly summary: string;
  /** What shows the reason, beside the refusal itself. */
  readonly evidence: readonly string[];
  /** Unless said: `kubectl auth can-i` says yes. */
  readonly falsifiedBy?: Sentence;
  readonly fixes: readonly Fix[];
}

export function defineDenialRule({ code, expects, cause, confidence, explains, describe }: DenialRule): Rule {
  return defineRule({
    code,
    stage: "authorization",
    causes: [cause],
    expects,
    needs: ["denial"],
    check({ denial }) {
      if (denial.causeId !== cause)
        return doesNotApply(`the request is denied for another reason (${denial.causeId})`);
      return found({
        cause,
        severity: "error",
        confidence: minConfidence(denial.confidence, confidence?.(denial) ?? "certain"),
        ...(explains === undefined ? {} : { explains }),
        describe: (facts) => {
          const {
            evidence,
            falsifiedBy = sentence`${canI(denial.attempt)} says yes.`,
            ...rest
          } = describe(denial, facts);
          return { ...rest, evidence: [denial.said, ...sayCaller(denial), ...evidence], falsifiedBy };
        },
      });
    },
  });
}

function sayCaller({ authorization: { username, groups } }: ClassifiedDenial): string[] {
  if (username === undefined) return [];
  const known = groups === undefined ? "" : `, groups ${groups.join(", ")}`;
  return [`The cluster takes the caller for ${JSON.stringify(username)}${known}.`];
}
