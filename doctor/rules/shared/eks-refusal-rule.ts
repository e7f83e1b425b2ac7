import type { CauseId } from "../../catalogue/rows.ts";
import { defineRule, type RuleDefinition } from "../../check/rule.ts";
import { type Description, doesNotApply, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { EksCall } from "../../derive/target/eks-call.ts";

/** A rule that explains in which words EKS refused a call. */
interface EksRefusalRule extends Pick<RuleDefinition, "causes" | "expects"> {
  readonly pattern: RegExp;
  readonly explains?: readonly CauseId[];
  /** How a call fails for want of what such a call would have made, where that was tried as a cure and refused. */
  readonly leadsTo?: "unauthorized" | "forbidden";
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
  leadsTo,
  describe,
  ...rule
}: EksRefusalRule): RuleDefinition {
  return defineRule({
    ...rule,
    reads: ["eksCall", "failedFixes", "symptom", "mapping"],
    check(_, seen) {
      const own = refusalIn(seen.eksCall, pattern);
      const refusal = own ?? (leadsTo && refusedFix(seen, leadsTo, pattern));
      if (refusal === undefined)
        return doesNotApply(seen.eksCall === undefined ? NO_CALL_FAILED : NOT_IN_THESE_WORDS);
      return found({
        confidence: own !== undefined || seen.mapping?.by === "nobody" ? "certain" : "likely",
        explains,
        describe: (facts) => {
          const { evidence = [], ...rest } = describe(refusal, facts);
          return { ...rest, evidence: [sayRefusal(refusal.match[0], own === undefined), ...evidence] };
        },
      });
    },
  });
}

/** What was to let the caller in, and was refused: unless something else lets them in by now. */
function refusedFix(seen: Facts, leadsTo: "unauthorized" | "forbidden", pattern: RegExp) {
  if (seen.symptom?.kind !== leadsTo || seen.failedFixes.length === 0) return undefined;
  if (leadsTo === "unauthorized" && seen.mapping?.entry !== undefined) return undefined;
  return seen.failedFixes.map((call) => refusalIn(call, pattern)).find((refusal) => refusal !== undefined);
}

function refusalIn(call: EksCall | undefined, pattern: RegExp): EksRefusal | undefined {
  const match = call && pattern.exec(call.words);
  return call && match ? { call, match } : undefined;
}

function sayRefusal(words: string, isOfFix: boolean): string {
  return isOfFix ? `An attempt to cure it was refused: “${words}”.` : quoteEks(words);
}

const NO_CALL_FAILED = "no call of the EKS API failed";

export const NOT_IN_THESE_WORDS = "EKS did not refuse the call for this reason";

export function quoteEks(words: string): string {
  return `EKS says “${words}”.`;
}
