import assert from "node:assert/strict";
import { policyCustomResource } from "../../../../doctor/rules/authorization/policy-custom-resource.ts";
import {
  AUTHORIZATION_FAULTS,
  policy,
  refused,
  setGroups,
  verdict,
} from "../../support/authorization-faults.ts";
import { confidences, verdicts } from "../../support/credential-case.ts";

describe("policy-custom-resource", () => {
  it("grants it by RBAC", () => {
    assert.deepEqual(
      verdicts(policyCustomResource, AUTHORIZATION_FAULTS.P5),
      verdict("P5", [
        "kubectl apply -f vouch-servicemonitors-read.yaml",
        setGroups("vouch-servicemonitors-read"),
      ]),
    );
  });

  for (const [group, resource] of [
    ["apiextensions.k8s.io", "customresourcedefinitions"],
    ["gateway.networking.k8s.io", "gateways"],
    ["snapshot.storage.k8s.io", "volumesnapshots"],
  ] as const) {
    it(`takes ${resource}.${group} for nothing built in`, () => {
      const bundle = refused({ attempt: { verb: "list", group, resource }, associated: [policy("Admin")] });
      assert.deepEqual(confidences(policyCustomResource, bundle), ["P5 certain"]);
    });
  }

  for (const [group, resource] of [
    ["storage.k8s.io", "storageclasses"],
    ["rbac.authorization.k8s.io", "clusterroles"],
    ["metrics.k8s.io", "pods"],
  ] as const) {
    it(`leaves ${resource}.${group} to others`, () => {
      const bundle = refused({ attempt: { verb: "list", group, resource }, associated: [policy("View")] });
      assert.deepEqual(confidences(policyCustomResource, bundle), []);
    });
  }
});
