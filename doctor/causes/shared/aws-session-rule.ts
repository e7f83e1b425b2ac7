import { defineRule, type RuleDefinition } from "../../check/rule.ts";
import { type Description, found } from "../../check/verdict.ts";
import type { Facts } from "../../derive/facts.ts";
import { errorConclusion } from "./error-rule.ts";
import { foundInFiles } from "./found-in-files.ts";
import { sessionFault, sourceFile } from "./source-file.ts";

/** A session of AWS's tools that does not provide a token: recognized by their messages, otherwise by the session's file. */
interface AwsSessionRule extends Pick<RuleDefinition, "causes" | "expects" | "suspected"> {
  readonly kind: "sso" | "login";
  readonly pattern: RegExp;
  /** What the file shows is added before its evidence. */
  readonly describe: (facts: Facts) => Description;
}

export function defineAwsSessionRule({ kind, pattern, describe, ...rule }: AwsSessionRule): RuleDefinition {
  const withFile = (facts: Facts): Description => {
    const { evidence, ...rest } = describe(facts);
    return { ...rest, evidence: [sessionFault(sourceFile(facts, kind), facts.now), ...evidence] };
  };
  return defineRule({
    ...rule,
    needs: ["preAuthSeverity"],
    check({ preAuthSeverity: severity }, seen) {
      const error = seen.credentialErrors?.match(pattern);
      if (error !== undefined) return found(errorConclusion(error, withFile));
      const isShown = () => sessionFault(sourceFile(seen, kind), seen.now) !== undefined;
      return foundInFiles(seen, { severity, isShown, describe: withFile });
    },
  });
}
