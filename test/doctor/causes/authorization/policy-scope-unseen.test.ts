import type { AccessRequest, AccessReviewJson } from "../../../../doctor/evidence/evidence.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS } from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { testRule } from "../../support/test-rule.ts";

const HERE = { ...LIST_PODS, namespace: "payments" };
const review = (resourceAttributes: AccessRequest, allowed: boolean): AccessReviewJson => ({
  spec: { resourceAttributes },
  status: { allowed },
});
const seen = (...accessReviews: readonly AccessReviewJson[]) => ({
  ...without(AUTHORIZATION_FAULTS.P1, "associatedPolicies"),
  rbac: { failed: "Forbidden" },
  accessReviews: [review(HERE, false), ...accessReviews],
});
const BOUND = {
  ...without(AUTHORIZATION_FAULTS.R4, "associatedPolicies"),
  accessReviews: [review(LIST_PODS, false), review({ ...LIST_PODS, namespace: "elsewhere" }, true)],
};
const UNSEEN = seen(review({ ...LIST_PODS, namespace: "web" }, true));

testRule("authorization/policy-scope-unseen", "P1", {
  likely: {
    "the bindings are known, and none of them is the grant": [
      { ...UNSEEN, rbac: { items: [] } },
      { ...BOUND, rbac: { items: [] } },
    ],
  },
  possible: {
    "the same is allowed in another namespace": {
      on: UNSEEN,
      summary: /^You can list pods in web but not in payments\.$/,
    },
  },
  notApplicable: {
    "leaves the word to the rule that sees the policies": {
      ...AUTHORIZATION_FAULTS.P1,
      rbac: UNSEEN.rbac,
      accessReviews: UNSEEN.accessReviews,
    },
  },
  unknown: {
    "nothing, or only something else, is allowed elsewhere": {
      on: [
        seen(
          review({ ...LIST_PODS, namespace: "web" }, false),
          review({ ...LIST_PODS, namespace: "web", verb: "get" }, true),
        ),
        seen(),
      ],
      missing: ["associatedPolicies", "rbac"],
    },
    "a binding is the grant": { on: BOUND, missing: "associatedPolicies" },
  },
});
