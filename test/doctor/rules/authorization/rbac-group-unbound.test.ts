import assert from "node:assert/strict";
import { rbacGroupUnbound } from "../../../../doctor/rules/authorization/rbac-group-unbound.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  policy,
  refused,
  role,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { without } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R1;
const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

describe("rbac-group-unbound", () => {
  it("binds the group to the smallest built-in role", () => {
    assert.deepEqual(
      verdicts(rbacGroupUnbound, FAULT),
      verdict("R1", ["kubectl create rolebinding vouch-view -n web --clusterrole=view --group=developers"]),
    );
  });

  for (const written of ["Developers", "developer", "develpers", "dev-elopers"]) {
    it(`corrects the group on the entry when a binding has it as ${written}`, () => {
      const groups = ["developers", "ops"];
      const bundle = refused({ attempt: LIST_PODS, groups, rbac: [binding(`Group ${written}`)] });
      const bind = "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers";
      assert.deepEqual(
        verdicts(rbacGroupUnbound, bundle),
        verdict("R1", [setGroups(written, "ops"), bind], "likely"),
      );
    });
  }

  it("binds a role of its own for what no built-in role has", () => {
    const attempt = { verb: "list", group: "cert-manager.io", resource: "certificates", namespace: "web" };
    assert.deepEqual(verdicts(rbacGroupUnbound, refused({ attempt, groups: ["developers"] }))[0]?.commands, [
      "kubectl apply -f vouch-certificates-read.yaml",
      setGroups("developers", "vouch-certificates-read"),
    ]);
  });

  it("has nothing to say when RBAC or the groups are not known", () => {
    assert.deepEqual(confidences(rbacGroupUnbound, without(FAULT, "rbac")), []);
    const { selfSubjectReview: _review, accessEntryDetails: _details, ...bundle } = FAULT;
    assert.deepEqual(confidences(rbacGroupUnbound, bundle), []);
  });

  it("leaves a bound group (R7), a policy (P1), another's group and an entry without groups (E5) alone", () => {
    const bound = [role("empty", []), binding("Group developers", { to: "ClusterRole empty" })];
    for (const wanted of [
      { ...DEVELOPERS, rbac: bound },
      { ...DEVELOPERS, associated: [policy("View", "ops")] },
      { attempt: LIST_PODS },
    ]) {
      assert.deepEqual(confidences(rbacGroupUnbound, refused(wanted)), []);
    }
  });

  it("does not take Kubernetes' own bindings of all who log in for one of the group", () => {
    const rbac = [
      role("system:basic-user", []),
      binding("Group system:authenticated", {
        to: "ClusterRole system:basic-user",
        name: "system:basic-user",
      }),
    ];
    assert.deepEqual(confidences(rbacGroupUnbound, refused({ ...DEVELOPERS, rbac })), ["R1 certain"]);
  });
});
