import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  refused,
  setGroupsOf,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN, without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

/** An administrator asks about the role, and quotes what one session of it was told. */
function asked() {
  const { question, ...seen } = without(AUTHORIZATION_FAULTS.R10, "selfSubjectReview", "accessReviews");
  return { ...seen, question: { ...question, principal: ROLE_ARN } };
}

testRule("authorization/rbac-subject-template", "R10", {
  likely: {
    "binds a group instead, and is never certain": {
      on: AUTHORIZATION_FAULTS.R10,
      commands: [
        associate("View", "type=namespace,namespaces=web"),
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroupsOf("'dev:{{SessionName}}'", "vouch-dev"),
      ],
    },
    "takes the name of somebody else from the refusal that is quoted": asked(),
  },
  notApplicable: {
    "leaves a template that does not fit the caller alone": refused({
      attempt: LIST_PODS,
      rbac: [binding("User ops:{{SessionName}}")],
    }),
  },
});
