import assert from "node:assert/strict";
import { rbacRoleMissing } from "../../../../doctor/rules/authorization/rbac-role-missing.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  role,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

describe("rbac-role-missing", () => {
  it("creates the role", () => {
    assert.deepEqual(
      verdicts(rbacRoleMissing, AUTHORIZATION_FAULTS.R5),
      verdict("R5", ["kubectl create clusterrole veiwer --verb=get,list,watch --resource=pods"]),
    );
  });

  it("recreates the binding where the role is of the other kind", () => {
    const rbac = [
      role("pods", []),
      role("other", [], "web"),
      binding("Group developers", { to: "Role pods", namespace: "web" }),
    ];
    assert.deepEqual(
      verdicts(rbacRoleMissing, refused({ ...DEVELOPERS, rbac })),
      verdict("R5", [
        "kubectl delete rolebinding devs -n web",
        "kubectl create rolebinding devs -n web --clusterrole=pods --group=developers",
        "kubectl create role pods -n web --verb=get,list,watch --resource=pods",
      ]),
    );
  });

  it("is only likely when the evidence has no role of that kind at all, unless the API server says so", () => {
    const wanted = { ...DEVELOPERS, rbac: [binding("Group developers", { to: "ClusterRole pods" })] };
    assert.deepEqual(confidences(rbacRoleMissing, refused(wanted)), ["R5 likely"]);
    // Source: doctor/EKS-ACCESS.md, "RBAC".
    const words =
      'Error from server (Forbidden): %: RBAC: clusterrole.rbac.authorization.k8s.io "pods" not found\n';
    assert.deepEqual(confidences(rbacRoleMissing, refused({ ...wanted, words })), ["R5 certain"]);
  });

  it("knows the roles that every cluster has, and leaves a binding elsewhere alone", () => {
    for (const to of ["ClusterRole view", "ClusterRole gone"]) {
      const rbac = [binding("Group developers", { to, namespace: "ops" })];
      assert.deepEqual(confidences(rbacRoleMissing, refused({ ...DEVELOPERS, rbac })), []);
    }
  });
});
