import assert from "node:assert/strict";
import { policyScopeWildcard } from "../../../../doctor/rules/authorization/policy-scope-wildcard.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  LIST_PODS,
  policy,
  refused,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("policy-scope-wildcard", () => {
  it("adds the namespace that the wildcard does not cover", () => {
    assert.deepEqual(
      verdicts(policyScopeWildcard, AUTHORIZATION_FAULTS.P2),
      verdict("P2", [associate("View", "'type=namespace,namespaces=web,team-*,team'")]),
    );
  });

  for (const [pattern, namespace, found] of [
    ["dev-*", "development", ["P2 certain"]],
    ["*-dev", "dev", ["P2 certain"]],
    ["*", "web", []],
    ["dev-*", "dev-a", []],
    ["dev-*", "prod", []],
  ] as const) {
    it(`${found.length === 0 ? "has nothing to say of" : "sees"} ${pattern} and ${namespace}`, () => {
      const bundle = refused({ attempt: { ...LIST_PODS, namespace }, associated: [policy("View", pattern)] });
      assert.deepEqual(confidences(policyScopeWildcard, bundle), found);
    });
  }
});
