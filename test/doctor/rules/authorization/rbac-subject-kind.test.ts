import assert from "node:assert/strict";
import { rbacSubjectKind } from "../../../../doctor/rules/authorization/rbac-subject-kind.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  verdict,
} from "../../support/authorization-faults.ts";
import { USERNAME } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

const DEVELOPERS = { attempt: LIST_PODS, groups: ["developers"] };

describe("rbac-subject-kind", () => {
  it("binds the group as a group", () => {
    assert.deepEqual(
      verdicts(rbacSubjectKind, AUTHORIZATION_FAULTS.R6),
      verdict("R6", ["kubectl create clusterrolebinding vouch-view --clusterrole=view --group=developers"]),
    );
  });

  it("sees a username as a group, and a group as a service account", () => {
    const named = {
      attempt: LIST_PODS,
      user: "ada",
      entry: { username: "ada" },
      rbac: [binding("Group ada")],
    };
    assert.deepEqual(confidences(rbacSubjectKind, refused(named)), ["R6 certain"]);
    const account = { ...DEVELOPERS, rbac: [binding("ServiceAccount developers")] };
    assert.deepEqual(confidences(rbacSubjectKind, refused(account)), ["R6 certain"]);
  });

  it("leaves a group named after an ARN (R2) and strangers alone", () => {
    for (const subject of [`Group ${USERNAME}`, "User ops"]) {
      const bundle = refused({ ...DEVELOPERS, rbac: [binding(subject)] });
      assert.deepEqual(confidences(rbacSubjectKind, bundle), []);
    }
  });
});
