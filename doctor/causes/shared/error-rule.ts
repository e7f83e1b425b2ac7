import { defineRule, type RuleDefinition } from "../../check/rule.ts";
import { type Conclusion, type Description, found, passed } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError } from "../../derive/failure/error-sources.ts";

/** A rule that recognizes its cause by a message of AWS or the plugin. */
interface ErrorRule extends Pick<RuleDefinition, "causes" | "expects"> {
  readonly pattern: RegExp;
  /** Whether the evidence shows what proves the refusal wrong. */
  readonly isRefuted?: (error: CredentialError, facts: Facts) => boolean;
  /** The quotation of the error is added before its evidence. */
  readonly describe: (error: CredentialError, facts: Facts) => Description;
}

export function defineErrorRule({ pattern, isRefuted, describe, ...rule }: ErrorRule): RuleDefinition {
  return defineRule({
    ...rule,
    needs: ["credentialErrors"],
    refuted: (seen) => {
      const error = seen.credentialErrors?.match(pattern);
      return error !== undefined && isRefuted?.(error, seen) === true;
    },
    check({ credentialErrors }) {
      const error = credentialErrors.match(pattern);
      return error === undefined ? passed : found(errorConclusion(error, (facts) => describe(error, facts)));
    },
  });
}

/** The conclusion from such an error, for rules that check more than its text. */
export function errorConclusion(
  error: Omit<CredentialError, "quote">,
  describe: (facts: Facts) => Description,
): Conclusion {
  const { severity, confidence, inferred, said } = error;
  return {
    severity,
    confidence,
    inferred,
    describe(facts) {
      const { evidence, ...rest } = describe(facts);
      return { ...rest, evidence: [said, ...evidence] };
    },
  };
}
