import assert from "node:assert/strict";
import { rbacRuleGap } from "../../../../doctor/rules/authorization/rbac-rule-gap.ts";
import {
  AUTHORIZATION_FAULTS,
  associate,
  binding,
  LIST_PODS,
  policy,
  refused,
  role,
  verdict,
} from "../../support/authorization-faults.ts";
import { AWS_AUTH_FAULTS } from "../../support/aws-auth-faults.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R7;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

describe("rbac-rule-gap", () => {
  it("takes the smallest policy that has pods/log", () => {
    assert.deepEqual(
      verdicts(rbacRuleGap, FAULT),
      verdict("R7", [associate("View", "type=namespace,namespaces=web")]),
    );
    assert.equal(
      findingsOf(rbacRuleGap, FAULT)[0]?.summary,
      "Nothing granted to the caller lets it get pods/log web-0 in namespace web.",
    );
  });

  it("names a verb that the associated policy lacks", () => {
    const attempt = { ...LIST_PODS, verb: "delete", name: "web-0" };
    const bundle = refused({ attempt, associated: [policy("View")] });
    assert.deepEqual(
      verdicts(rbacRuleGap, bundle),
      verdict("R7", [associate("Edit", "type=namespace,namespaces=web")]),
    );
  });

  it("sees deployments in the wrong API group", () => {
    const attempt = { verb: "list", group: "apps", resource: "deployments", namespace: "web" };
    const rules = [{ verbs: ["*"], apiGroups: [""], resources: ["deployments"] }];
    const rbac = [role("deploy", rules), binding("Group developers", { to: "ClusterRole deploy" })];
    assert.deepEqual(confidences(rbacRuleGap, refused({ ...DEVELOPERS, attempt, rbac })), ["R7 certain"]);
  });

  it("is only likely of a possible creator of a CONFIG_MAP cluster (A14)", () => {
    const rbac = { items: [role("empty", []), binding("Group viewers", { to: "ClusterRole empty" })] };
    assert.deepEqual(confidences(rbacRuleGap, { ...AWS_AUTH_FAULTS.A14, rbac }), ["R7 likely"]);
  });

  it("has nothing to say when a rule grants it", () => {
    const rbac = [binding("Group developers", { to: "ClusterRole view" })];
    assert.deepEqual(confidences(rbacRuleGap, refused({ ...DEVELOPERS, rbac })), []);
  });
});
