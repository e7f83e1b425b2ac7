import { entry, unauthorized } from "../../support/bundle.ts";
import { forbidden, mappingFault } from "../../support/mapping-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const made = (createdAt: string | number) => entry({ createdAt });

testRule("mapping/eks-access-entry-fresh", "E10", {
  likely: {
    "says to wait for an entry that was created a moment ago": {
      on: mappingFault("E10"),
      commands: "kubectl auth whoami",
    },
  },
  passed: {
    "the entry is some minutes old": unauthorized(made("2026-01-15T11:55:00Z")),
  },
  notApplicable: {
    "the identity was accepted": forbidden(made("2026-01-15T11:59:50Z")),
    "the entry is of another principal": mappingFault("E4"),
  },
});
