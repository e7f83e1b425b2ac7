import assert from "node:assert/strict";
import { stsThrottled } from "../../../../doctor/rules/token/sts-throttled.ts";
import { confidences, keysRefused, unauthorized, verdicts } from "../../support/credential-case.ts";

const RATE =
  "An error occurred (Throttling) when calling the GetCallerIdentity operation (reached max retries: 4): Rate exceeded";

describe("sts-throttled", () => {
  it("is likely when STS throttles the caller too", () => {
    assert.deepEqual(verdicts(stsThrottled, keysRefused(RATE)), [
      { cause: "S10", stage: "token", severity: "error", confidence: "likely", commands: [] },
    ]);
  });

  it("is certain of the authenticator's own log", () => {
    const stderr =
      'time="2026-01-15T12:00:00Z" level=warning msg="access denied" error="sts getCallerIdentity was throttled: {\\"Error\\":{\\"Code\\":\\"Throttling\\"}}"\nerror: You must be logged in to the server (Unauthorized)';
    assert.deepEqual(confidences(stsThrottled, unauthorized({ question: { stderr } })), ["S10 certain"]);
  });

  it("is silent on a 401 alone", () => {
    assert.deepEqual(confidences(stsThrottled, unauthorized()), []);
  });
});
