import { healthyBundle } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const QUESTION = {
  command: "kubectl auth can-i --list -n web",
  exitCode: 0,
  stderr: "Warning: the list may be incomplete: webhook authorizer does not support user rule resolution\n",
};

testRule("authorization/policy-can-i-list", "P8", {
  certain: {
    "explains the list and how to ask, and calls nothing broken": {
      on: healthyBundle({ question: QUESTION }),
      severity: "warning",
      commands: "kubectl auth can-i list pods -A",
    },
  },
  likely: {
    "without kubectl's warning": {
      on: healthyBundle({ question: { ...QUESTION, stderr: "" } }),
      severity: "warning",
    },
  },
  notApplicable: {
    "has nothing to say of a single question": healthyBundle({
      question: { ...QUESTION, command: "kubectl auth can-i list pods" },
    }),
  },
});
