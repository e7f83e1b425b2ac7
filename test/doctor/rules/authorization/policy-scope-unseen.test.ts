import assert from "node:assert/strict";
import type { AccessRequest, AccessReviewJson } from "../../../../doctor/evidence/evidence.ts";
import { policyScopeUnseen } from "../../../../doctor/rules/authorization/policy-scope-unseen.ts";
import { AUTHORIZATION_FAULTS, LIST_PODS } from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { confidences, findingsOf } from "../../support/credential-case.ts";

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
const UNSEEN = seen(review({ ...LIST_PODS, namespace: "web" }, true));

describe("policy-scope-unseen", () => {
  it("is possible when the same is allowed in another namespace", () => {
    assert.deepEqual(confidences(policyScopeUnseen, UNSEEN), ["P1 possible"]);
    assert.match(
      findingsOf(policyScopeUnseen, UNSEEN)[0]?.summary ?? "",
      /does not reach namespace payments: the same is allowed in web\./,
    );
  });

  it("is silent when nothing, or only something else, is allowed elsewhere", () => {
    const other = [
      review({ ...LIST_PODS, namespace: "web" }, false),
      review({ ...LIST_PODS, namespace: "web", verb: "get" }, true),
    ];
    assert.deepEqual(confidences(policyScopeUnseen, seen(...other)), []);
    assert.deepEqual(confidences(policyScopeUnseen, seen()), []);
  });

  it("is likely when the bindings are known, and none of them is the grant", () => {
    assert.deepEqual(confidences(policyScopeUnseen, { ...UNSEEN, rbac: { items: [] } }), ["P1 likely"]);
  });

  it("is silent when a binding is the grant", () => {
    const { namespace = "" } = AUTHORIZATION_FAULTS.R4.question?.attempt ?? {};
    const accessReviews = [
      review({ ...LIST_PODS, namespace }, false),
      review({ ...LIST_PODS, namespace: "elsewhere" }, true),
    ];
    const hidden = { ...without(AUTHORIZATION_FAULTS.R4, "associatedPolicies"), accessReviews };
    assert.deepEqual(confidences(policyScopeUnseen, hidden), []);
    assert.deepEqual(confidences(policyScopeUnseen, { ...hidden, rbac: { items: [] } }), ["P1 likely"]);
  });

  it("leaves the word to the rule that sees the policies", () => {
    const accessReviews = UNSEEN.accessReviews;
    const policiesSeen = { ...AUTHORIZATION_FAULTS.P1, rbac: UNSEEN.rbac, accessReviews };
    assert.deepEqual(confidences(policyScopeUnseen, policiesSeen), []);
  });
});
