import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  setGroupsOf,
} from "../../support/authorization-faults.ts";
import { testRule } from "../../support/test-rule.ts";

testRule("authorization/rbac-subject-template", "R10", {
  likely: {
    "binds a group instead, and is never certain": {
      on: AUTHORIZATION_FAULTS.R10,
      commands: [
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroupsOf("'dev:{{SessionName}}'", "vouch-dev"),
      ],
    },
  },
  notApplicable: {
    "leaves a template that does not fit the caller alone": refused({
      attempt: LIST_PODS,
      rbac: [binding("User ops:{{SessionName}}")],
    }),
  },
});
