import { keysRefused, unauthorized } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const RATE =
  "An error occurred (Throttling) when calling the GetCallerIdentity operation (reached max retries: 4): Rate exceeded";

testRule("token/sts-throttled", "S10", {
  certain: {
    "the authenticator's own log": unauthorized({
      question: {
        stderr:
          'time="2026-01-15T12:00:00Z" level=warning msg="access denied" error="sts getCallerIdentity was throttled: {\\"Error\\":{\\"Code\\":\\"Throttling\\"}}"\nerror: You must be logged in to the server (Unauthorized)',
      },
    }),
  },
  likely: {
    "STS throttles the caller too": { on: keysRefused(RATE), commands: [] },
  },
  passed: {
    "a 401 alone": unauthorized(),
  },
});
