import assert from "node:assert/strict";
import { policySecrets } from "../../../../doctor/rules/authorization/policy-secrets.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("policy-secrets", () => {
  it("offers the policy that reads secrets, and Edit", () => {
    assert.deepEqual(
      verdicts(policySecrets, AUTHORIZATION_FAULTS.P4),
      verdict("P4", [
        associate("SecretReader", "type=namespace,namespaces=web"),
        associate("Edit", "type=namespace,namespaces=web"),
      ]),
    );
  });

  it("offers Edit alone for writing", () => {
    const attempt = { ...LIST_PODS, verb: "create", resource: "secrets" };
    const bundle = refused({ attempt, associated: [policy("View")] });
    assert.deepEqual(
      verdicts(policySecrets, bundle),
      verdict("P4", [associate("Edit", "type=namespace,namespaces=web")]),
    );
  });

  it("leaves helm's need (T2) and a scope (P1) alone", () => {
    assert.deepEqual(confidences(policySecrets, AUTHORIZATION_FAULTS.T2), []);
    const attempt = { ...LIST_PODS, resource: "secrets" };
    assert.deepEqual(
      confidences(policySecrets, refused({ attempt, associated: [policy("Edit", "ops")] })),
      [],
    );
  });
});
