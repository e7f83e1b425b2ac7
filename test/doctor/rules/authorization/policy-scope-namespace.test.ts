import assert from "node:assert/strict";
import { policyScopeNamespace } from "../../../../doctor/rules/authorization/policy-scope-namespace.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  policy,
  refused,
  verdict,
} from "../../support/authorization-faults.ts";
import { healthyBundle, ROLE_ARN, USERNAME, without } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const ADMIN = { Arn: "arn:aws:sts::111122223333:assumed-role/Admin/root" };
const SEEN = { status: { userInfo: { username: USERNAME, groups: ["system:authenticated"] } } };

const FAULT = AUTHORIZATION_FAULTS.P1;

describe("policy-scope-namespace", () => {
  it("associates the policy again with the complete list", () => {
    assert.deepEqual(
      verdicts(policyScopeNamespace, FAULT),
      verdict("P1", [associate("View", "'type=namespace,namespaces=web,team-*,payments'")]),
    );
    assert.equal(
      findingsOf(policyScopeNamespace, FAULT)[0]?.summary,
      "No access policy reaches namespace payments: AmazonEKSViewPolicy on namespaces web, team-*.",
    );
  });

  it("says that a namespace in the scope does not exist", () => {
    const bundle = refused({ attempt: LIST_PODS, associated: [policy("View", "wbe")] });
    assert.equal(
      findingsOf(policyScopeNamespace, bundle)[0]?.evidence.at(-1),
      "The scope names wbe, and there is no such namespace.",
    );
  });

  it("takes the smallest policy, not the one that is out of scope", () => {
    const bundle = refused({ attempt: LIST_PODS, associated: [policy("Admin", "ops")] });
    assert.deepEqual(verdicts(policyScopeNamespace, bundle)[0]?.commands, [
      associate("View", "type=namespace,namespaces=web"),
    ]);
  });

  it("knows from policies and RBAC alone that it would be denied", () => {
    const unasked = { failed: "offline" };
    const offline = {
      ...FAULT,
      question: { attempt: { ...LIST_PODS, namespace: "payments" } },
      apiServer: unasked,
      accessReviews: unasked,
      selfSubjectReview: unasked,
    };
    const rbac = { items: [binding("Group ops")] };
    assert.deepEqual(confidences(policyScopeNamespace, { ...offline, rbac }), ["P1 likely"]);
    assert.deepEqual(confidences(policyScopeNamespace, offline), ["P1 likely"]);
    assert.deepEqual(confidences(policyScopeNamespace, { ...offline, rbac: { failed: "Forbidden" } }), [
      "P1 possible",
    ]);
  });

  it("is less sure when a review says yes, and silent when the policies are not known", () => {
    const resourceAttributes = { ...LIST_PODS, namespace: "payments" };
    const accessReviews = [{ spec: { resourceAttributes }, status: { allowed: true } }];
    assert.deepEqual(confidences(policyScopeNamespace, { ...FAULT, accessReviews }), ["P1 likely"]);
    assert.deepEqual(confidences(policyScopeNamespace, without(FAULT, "associatedPolicies")), []);
  });

  it("judges somebody else by their entry, whatever the caller's own call says", () => {
    const question = { principal: ROLE_ARN, attempt: { ...LIST_PODS, namespace: "payments" } };
    const rbac = { items: [binding("Group ops")] };
    const callerIdentity = { ...ADMIN, Account: "111122223333", UserId: "AROAOTHER:root" };
    assert.deepEqual(confidences(policyScopeNamespace, healthyBundle({ question, callerIdentity, rbac })), [
      "P1 certain",
    ]);
  });

  for (const row of ["P2", "P3", "P4", "P7"] as const) {
    it(`leaves ${row} alone`, () => {
      assert.deepEqual(confidences(policyScopeNamespace, AUTHORIZATION_FAULTS[row]), []);
    });
  }

  it("has nothing to say when the denial names a node (L8)", () => {
    const user = "system:node:ip-10-0-1-7";
    const changes = { selfSubjectReview: SEEN };
    const bundle = refused({ attempt: LIST_PODS, associated: [policy("View", "ops")], user, changes });
    assert.deepEqual(confidences(policyScopeNamespace, bundle), []);
  });

  it("does not mind namespaces: [] of a scope on the whole cluster", () => {
    const bundle = refused({ attempt: { ...LIST_PODS, verb: "delete" }, associated: [policy("View")] });
    assert.deepEqual(confidences(policyScopeNamespace, bundle), []);
  });
});
