import {
  type Conclusion,
  type Description,
  defineRule,
  found,
  passed,
  type RuleDefinition,
  type Verdict,
} from "../../check/rule.ts";
import type { Confidence } from "../../derive/confidence.ts";
import type { Facts } from "../../derive/facts.ts";
import type { CredentialError, QuotedMatch } from "../../derive/failure/error-sources.ts";
import { knownValue } from "../../evidence/evidence.ts";

/** A rule that recognizes its cause by a message of AWS or the plugin. */
interface ErrorRule extends Pick<RuleDefinition, "cause" | "expects"> {
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

interface InFiles extends Pick<Conclusion, "severity" | "describe"> {
  /** Called only if no message decides. */
  readonly isShown: () => boolean;
  /** Whether these files are certainly the ones in use; otherwise something unknown could take precedence. */
  readonly isSure?: boolean;
  readonly most?: Confidence;
}

/**
 * What files show if the plugin was not run and AWS was not called, since otherwise their messages decide. Less certain if the
 * cluster refused a token, which a plugin without credentials does not print.
 */
export function foundInFiles(
  seen: Facts,
  { isShown, isSure = seen.credentials?.isSure === true, most = "likely", ...conclusion }: InFiles,
): Verdict {
  const { pluginRun, callerIdentity } = seen.evidence;
  if ((knownValue(pluginRun) ?? knownValue(callerIdentity)) !== undefined || !isShown()) return passed;
  const isFelt = isSure && seen.symptom?.kind !== "unauthorized";
  return found({ ...conclusion, confidence: isFelt ? most : "possible" });
}

/** Only those that are sentences. */
export function sentences(...all: readonly (string | false | undefined)[]): string[] {
  return all.filter((sentence) => typeof sentence === "string");
}

/** Quotes the error of the call. */
export function quoteCall(words: QuotedMatch | undefined): string | undefined {
  return words && `The call failed with: “${words.line}”`;
}
