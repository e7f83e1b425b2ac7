import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("authorization/policy-secrets", "P4", {
  certain: {
    "offers the policy that reads secrets, and no larger one": {
      on: AUTHORIZATION_FAULTS.P4,
      commands: associate("SecretReader", "type=namespace,namespaces=web"),
    },
    "offers the policy that writes secrets alone for writing": {
      on: refused({
        attempt: { ...LIST_PODS, verb: "create", resource: "secrets" },
        associated: [policy("View")],
      }),
      commands: associate("SecretAdmin", "type=namespace,namespaces=web"),
    },
  },
  notApplicable: {
    "leaves helm's need (T2) and a scope (P1) alone": [
      AUTHORIZATION_FAULTS.T2,
      refused({ attempt: { ...LIST_PODS, resource: "secrets" }, associated: [policy("Edit", "ops")] }),
    ],
  },
});
