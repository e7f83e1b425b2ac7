import type { CauseId } from "../../check/cause-ids.ts";
import {
  type Conclusion,
  type Description,
  defineRule,
  doesNotApply,
  found,
  type RuleDefinition,
} from "../../check/rule.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EksCall, FixCall } from "../../derive/target/eks-call.ts";
import { refusedWithout } from "./refuted.ts";

/** A rule that recognizes its cause by EKS's message when it refused a call. */
interface EksRefusalRule extends Pick<RuleDefinition, "cause" | "alsoFinds" | "expects"> {
  readonly pattern: RegExp;
  readonly explains?: readonly CauseId[];
  /** Whether the cause is not there in a call that was refused with the same words. */
  readonly isWithout?: (call: FixCall, match: RegExpExecArray, facts: Facts) => boolean;
  /** What it concludes from a refusal, if not its own cause for certain. */
  readonly conclude?: (refusal: EksRefusal) => Partial<Pick<Conclusion, "cause" | "confidence">>;
  readonly describe: (refusal: EksRefusal, facts: Facts) => RefusalDescription;
}

interface EksRefusal {
  readonly call: EksCall;
  readonly match: RegExpExecArray;
}

interface RefusalDescription extends Omit<Description, "evidence"> {
  /** What shows the reason, besides EKS's message. */
  readonly evidence?: Description["evidence"];
}

/**
 * Either the refused call is what failed; or it was made to fix something else, and then its reason did not cause that, but is
 * worth a warning before the next attempt.
 */
export function defineEksRefusalRule({
  pattern,
  explains,
  isWithout,
  conclude,
  describe,
  ...rule
}: EksRefusalRule): RuleDefinition {
  return defineRule({
    ...rule,
    check(_, seen) {
      const own = refusalIn(seen.eksCall, pattern);
      const refusal =
        own ?? seen.failedFixes.map((call) => refusalIn(call, pattern)).find((found) => found !== undefined);
      if (refusal === undefined)
        return doesNotApply(seen.eksCall === undefined ? NO_CALL_FAILED : NOT_IN_THESE_WORDS);
      return found({
        severity: own === undefined ? "warning" : "error",
        confidence: "certain",
        explains,
        ...conclude?.(refusal),
        describe: (facts) => {
          const { evidence = [], ...rest } = describe(refusal, facts);
          const [words] = refusal.match;
          return {
            ...rest,
            evidence: [
              own === undefined ? `An attempt to fix it failed: “${words}”.` : quoteEks(words),
              ...evidence,
            ],
          };
        },
      });
    },
    refuted: (seen) =>
      refusedWithout(seen, pattern, (call, match) => isWithout?.(call, match, seen) === true),
  });
}

function refusalIn(call: EksCall | undefined, pattern: RegExp): EksRefusal | undefined {
  const match = call && pattern.exec(call.words);
  return call && match ? { call, match } : undefined;
}

const NO_CALL_FAILED = "no EKS API call failed";

export const NOT_IN_THESE_WORDS = "EKS did not refuse the call for this reason";

export function quoteEks(words: string): string {
  return `EKS returned: “${words}”.`;
}
