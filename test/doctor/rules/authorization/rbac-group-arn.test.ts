import assert from "node:assert/strict";
import { rbacGroupArn } from "../../../../doctor/rules/authorization/rbac-group-arn.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN } from "../../support/bundle.ts";
import { confidences, findingsOf, verdicts } from "../../support/credential-case.ts";

const FAULT = AUTHORIZATION_FAULTS.R2;

describe("rbac-group-arn", () => {
  it("binds a real group and puts it on the entry", () => {
    assert.deepEqual(
      verdicts(rbacGroupArn, FAULT),
      verdict("R2", [
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroups("vouch-dev"),
      ]),
    );
    assert.deepEqual(findingsOf(rbacGroupArn, FAULT)[0]?.explains, ["E5", "R1", "R7"]);
  });

  for (const name of [
    "arn:aws:sts::111122223333:assumed-role/Dev/ada@example.com",
    `eks-access-entry:${ROLE_ARN}`,
  ]) {
    it(`knows ${name} for the caller's`, () => {
      const bundle = refused({ attempt: LIST_PODS, rbac: [binding(`Group ${name}`)] });
      assert.deepEqual(confidences(rbacGroupArn, bundle), ["R2 certain"]);
    });
  }

  it("leaves the ARN of another role, a User, and a binding elsewhere alone", () => {
    for (const rbac of [
      [binding("Group arn:aws:iam::111122223333:role/Ops")],
      [binding(`User ${ROLE_ARN}`)],
      [binding(`Group ${ROLE_ARN}`, { namespace: "ops" })],
    ]) {
      assert.deepEqual(confidences(rbacGroupArn, refused({ attempt: LIST_PODS, rbac })), []);
    }
  });
});
