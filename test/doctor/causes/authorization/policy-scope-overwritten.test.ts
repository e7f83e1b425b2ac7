import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

const PAYMENTS = { ...LIST_PODS, namespace: "payments" };

testRule("authorization/policy-scope-overwritten", "P10", {
  likely: {
    "a policy was associated again and has one namespace": {
      on: AUTHORIZATION_FAULTS.P10,
      commands: associate("View", "type=namespace,namespaces=web,payments"),
    },
    "takes epoch seconds for dates, as AWS CLI 1 prints them": refused({
      attempt: PAYMENTS,
      associated: [{ ...policy("View", "web"), associatedAt: 1748851200.5, modifiedAt: 1768032000 }],
    }),
  },
  notApplicable: {
    "leaves it to the scope (P1) when it was associated once, or has several namespaces": [
      AUTHORIZATION_FAULTS.P1,
      refused({
        attempt: PAYMENTS,
        associated: [{ ...policy("View", "web", "ops"), modifiedAt: "2026-01-10T08:00:00Z" }],
      }),
    ],
  },
});
