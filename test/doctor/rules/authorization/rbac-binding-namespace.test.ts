import assert from "node:assert/strict";
import { rbacBindingNamespace } from "../../../../doctor/rules/authorization/rbac-binding-namespace.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  role,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R4;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

describe("rbac-binding-namespace", () => {
  it("binds the same role here", () => {
    assert.deepEqual(
      verdicts(rbacBindingNamespace, FAULT),
      verdict("R4", ["kubectl create rolebinding vouch-view -n web --clusterrole=view --group=developers"]),
    );
    assert.equal(
      findingsOf(rbacBindingNamespace, FAULT)[0]?.summary,
      "ClusterRole view is bound to Group developers in namespace team-a only, not in web.",
    );
  });

  it("makes a role of its own where a Role of the other namespace grants it", () => {
    const rules = [{ verbs: ["list"], apiGroups: [""], resources: ["pods"] }];
    const rbac = [
      role("pods", rules, "team-a"),
      binding("Group developers", { to: "Role pods", namespace: "team-a" }),
    ];
    assert.deepEqual(verdicts(rbacBindingNamespace, refused({ ...DEVELOPERS, rbac }))[0]?.commands, [
      "kubectl apply -f vouch-pods-read.yaml",
      setGroups("developers", "vouch-pods-read"),
    ]);
  });

  it("binds it everywhere for a list over all namespaces", () => {
    const attempt = { verb: "list", group: "", resource: "pods" };
    const rbac = [binding("Group developers", { namespace: "team-a" })];
    assert.deepEqual(
      verdicts(rbacBindingNamespace, refused({ ...DEVELOPERS, attempt, rbac })),
      verdict("R4", ["kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers"]),
    );
  });

  it("leaves a role without the right (R7), and somebody else's binding alone", () => {
    for (const rbac of [
      [role("empty", []), binding("Group developers", { to: "ClusterRole empty", namespace: "team-a" })],
      [binding("Group ops", { namespace: "team-a" })],
    ]) {
      assert.deepEqual(confidences(rbacBindingNamespace, refused({ ...DEVELOPERS, rbac })), []);
    }
  });
});
