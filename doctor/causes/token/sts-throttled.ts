import { defineRule, found, passed } from "../../check/rule.ts";
import { matchInError } from "../../derive/failure/error-sources.ts";
import { forYou } from "../../fixes/fix.ts";

/** The verifier's own log, for users who have access to it. Source: doctor/EKS-ACCESS.md, "Words of 401". */
const IN_LOG = /sts getCallerIdentity was throttled/i;

/** STS's messages to callers that exceed its rate. */
const RATE = /\bThrottling(?:Exception)?\b|Rate exceeded|TooManyRequestsException/;

export const stsThrottled = defineRule({
  cause: {
    id: "S10",
    what: "STS throttles the EKS authenticator.",
    seen: "occasional 401s under load",
    remedy: "Wait a moment and try again; make loops reuse one token.",
  },
  expects: "STS answers all requests",
  needs: ["preAuthSeverity"],
  check({ preAuthSeverity: severity }, seen) {
    const inLog = matchInError(seen.pastedError, IN_LOG);
    const quote = inLog ?? seen.credentialErrors?.match(RATE)?.quote;
    if (quote === undefined) return passed;
    return found({
      severity,
      confidence: inLog === undefined ? "likely" : "certain",
      inferred: inLog === undefined,
      describe: () => ({
        summary: "AWS STS receives too many requests in this account and region, and throttles some of them.",
        evidence: [`The error message is: “${quote.line}”`],
        falsifiedBy: "A single call, with nothing else running, fails just as often.",
        fixes: [
          forYou(
            "Wait a moment and try again. In a loop, use a single process or token, with pauses of varying length.",
          ),
        ],
      }),
    });
  },
});
