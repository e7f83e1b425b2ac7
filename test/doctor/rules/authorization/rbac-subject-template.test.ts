import assert from "node:assert/strict";
import { rbacSubjectTemplate } from "../../../../doctor/rules/authorization/rbac-subject-template.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("rbac-subject-template", () => {
  it("binds a group instead, and is never certain", () => {
    const commands = [
      "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
      setGroups("vouch-dev"),
    ];
    assert.deepEqual(
      verdicts(rbacSubjectTemplate, AUTHORIZATION_FAULTS.R10),
      verdict("R10", commands, "likely"),
    );
  });

  it("leaves a template that does not fit the caller alone", () => {
    const bundle = refused({ attempt: LIST_PODS, rbac: [binding("User ops:{{SessionName}}")] });
    assert.deepEqual(confidences(rbacSubjectTemplate, bundle), []);
  });
});
