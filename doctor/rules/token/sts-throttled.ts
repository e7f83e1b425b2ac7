import { defineLegacyRule } from "../../check/legacy-rule.ts";
import { quoteOf } from "../../derive/failure/error-sources.ts";
import { preAuthSeverity } from "../../derive/failure/pre-auth-severity.ts";

/** The verifier's own log, for who has it. Source: doctor/EKS-ACCESS.md, "Words of 401". */
const IN_LOG = /sts getCallerIdentity was throttled/i;

/** STS's words to whoever asks too often. */
const RATE = /\bThrottling(?:Exception)?\b|Rate exceeded|TooManyRequestsException/;

export const stsThrottled = defineLegacyRule({
  code: "sts-throttled",
  stage: "token",
  causes: ["S10"],
  expects: "STS answers all who ask it",
  needs: ["errorSources"],
  judge(facts) {
    const severity = preAuthSeverity(facts);
    const pasted = [{ by: "call" as const, text: facts.evidence.question?.stderr ?? "" }];
    const inLog = quoteOf(pasted, IN_LOG);
    const quote = inLog ?? quoteOf(facts.errorSources, RATE);
    if (severity === undefined || quote === undefined) return [];
    return [
      {
        cause: "S10",
        stage: "token",
        severity,
        confidence: inLog === undefined ? "likely" : "certain",
        inferred: inLog === undefined,
        summary: "AWS STS is asked too often in this account and region, and refuses some of the calls.",
        evidence: [`It says: “${quote.line}”`],
        falsifiedBy: "The same call fails as often when it is made alone and slowly.",
        fixes: [
          {
            audience: "you",
            description:
              "Wait a moment and try again; let a loop use one process or one token, with pauses that differ.",
          },
        ],
      },
    ];
  },
});
