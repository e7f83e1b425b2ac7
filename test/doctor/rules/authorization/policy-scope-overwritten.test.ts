import assert from "node:assert/strict";
import { policyScopeOverwritten } from "../../../../doctor/rules/authorization/policy-scope-overwritten.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const PAYMENTS = { ...LIST_PODS, namespace: "payments" };

describe("policy-scope-overwritten", () => {
  it("is likely when a policy was associated again and has one namespace", () => {
    assert.deepEqual(
      verdicts(policyScopeOverwritten, AUTHORIZATION_FAULTS.P10),
      verdict("P10", [associate("View", "type=namespace,namespaces=web,payments")], "likely"),
    );
  });

  it("takes epoch seconds for dates, as AWS CLI 1 prints them", () => {
    const association = { ...policy("View", "web"), associatedAt: 1748851200.5, modifiedAt: 1768032000 };
    const bundle = refused({ attempt: PAYMENTS, associated: [association] });
    assert.deepEqual(confidences(policyScopeOverwritten, bundle), ["P10 likely"]);
  });

  it("leaves it to the scope (P1) when it was associated once, or has several namespaces", () => {
    assert.deepEqual(confidences(policyScopeOverwritten, AUTHORIZATION_FAULTS.P1), []);
    const two = { ...policy("View", "web", "ops"), modifiedAt: "2026-01-10T08:00:00Z" };
    assert.deepEqual(
      confidences(policyScopeOverwritten, refused({ attempt: PAYMENTS, associated: [two] })),
      [],
    );
  });
});
