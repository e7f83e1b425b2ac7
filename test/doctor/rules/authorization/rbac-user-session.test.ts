import assert from "node:assert/strict";
import { rbacUserSession } from "../../../../doctor/rules/authorization/rbac-user-session.ts";
import {
  AUTHORIZATION_FAULTS,
  binding,
  LIST_PODS,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { ROLE_ARN, USERNAME } from "../../support/bundle.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("rbac-user-session", () => {
  it("is certain of the very session with @ in it", () => {
    assert.deepEqual(
      verdicts(rbacUserSession, AUTHORIZATION_FAULTS.R3),
      verdict("R3", [
        "kubectl create clusterrolebinding vouch-view --clusterrole=view --group=vouch-dev",
        setGroups("vouch-dev"),
      ]),
    );
  });

  for (const [what, name] of [
    ["a colleague's session", USERNAME.replace("ada-", "bob-")],
    ["the role itself", ROLE_ARN],
  ] as const) {
    it(`is likely when the binding names ${what}`, () => {
      const bundle = refused({ attempt: LIST_PODS, rbac: [binding(`User ${name}`)] });
      assert.deepEqual(confidences(rbacUserSession, bundle), ["R3 likely"]);
    });
  }

  it("knows sessions by the entry's own template", () => {
    const bundle = refused({
      attempt: LIST_PODS,
      user: "dev:ada-example.com",
      entry: { username: "dev:{{SessionName}}" },
      rbac: [binding("User dev:bob-example.com")],
    });
    assert.deepEqual(confidences(rbacUserSession, bundle), ["R3 likely"]);
  });

  it("leaves another role's session and a stranger alone", () => {
    for (const name of [USERNAME.replace("/Dev/", "/Ops/"), "ada"]) {
      const bundle = refused({ attempt: LIST_PODS, rbac: [binding(`User ${name}`)] });
      assert.deepEqual(confidences(rbacUserSession, bundle), []);
    }
  });
});
