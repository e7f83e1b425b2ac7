import assert from "node:assert/strict";
import { policyCanIList } from "../../../../doctor/rules/authorization/policy-can-i-list.ts";
import { healthyBundle } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const QUESTION = {
  command: "kubectl auth can-i --list -n web",
  exitCode: 0,
  stderr: "Warning: the list may be incomplete: webhook authorizer does not support user rule resolution\n",
};

describe("policy-can-i-list", () => {
  it("explains the list and how to ask, and calls nothing broken", () => {
    assert.deepEqual(verdicts(policyCanIList, healthyBundle({ question: QUESTION })), [
      {
        cause: "P8",
        stage: "authorization",
        severity: "warning",
        confidence: "certain",
        commands: ["kubectl auth can-i list pods -A"],
      },
    ]);
  });

  it("is only likely without kubectl's warning", () => {
    const question = { ...QUESTION, stderr: "" };
    assert.deepEqual(confidences(policyCanIList, healthyBundle({ question })), ["P8 likely"]);
  });

  it("has nothing to say of a single question", () => {
    const question = { ...QUESTION, command: "kubectl auth can-i list pods" };
    assert.deepEqual(confidences(policyCanIList, healthyBundle({ question })), []);
  });
});
