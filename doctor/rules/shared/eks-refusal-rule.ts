import type { CauseId } from "../../catalogue/rows.ts";
import { defineRule, type RuleDefinition } from "../../check/rule.ts";
import { type Description, doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";

/** A rule that explains in which words EKS refused a call. */
interface EksRefusalRule extends Pick<RuleDefinition, "causes" | "expects"> {
  readonly pattern: RegExp;
  readonly explains?: readonly CauseId[];
  readonly describe: (refusal: EksRefusal, facts: Facts) => RefusalDescription;
}

interface EksRefusal {
  readonly call: EksCall;
  readonly match: RegExpExecArray;
}

interface RefusalDescription extends Omit<Description, "evidence"> {
  /** What shows the reason, beside the words of EKS. */
  readonly evidence?: Description["evidence"];
}

export function defineEksRefusalRule({
  pattern,
  explains,
  describe,
  ...rule
}: EksRefusalRule): RuleDefinition {
  return defineRule({
    ...rule,
    needs: ["eksCall"],
    check({ eksCall: call }) {
      const match = pattern.exec(call.words);
      if (match === null) return doesNotApply(NOT_IN_THESE_WORDS);
      return found({
        confidence: "certain",
        explains,
        describe: (facts) => {
          const { evidence = [], ...rest } = describe({ call, match }, facts);
          return { ...rest, evidence: [quoteEks(match[0]), ...evidence] };
        },
      });
    },
  });
}

export const NOT_IN_THESE_WORDS = "EKS did not refuse the call for this reason";

export function quoteEks(words: string): string {
  return `EKS says “${words}”.`;
}
