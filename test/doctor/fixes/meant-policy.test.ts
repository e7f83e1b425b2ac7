import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { associateMeant, sayMeant } from "../../../doctor/fixes/meant-policy.ts";
import { healthyBundle, ROLE_ARN } from "../support/bundle.ts";

const meant = (bundle: DoctorEvidence) => {
  const facts = deriveFacts(bundle);
  const { policyArn, scope } = associateMeant(facts, ROLE_ARN);
  return [policyArn.split("/").at(-1), scope.namespaces ?? scope.type, sayMeant(facts)];
};
const tried = (verb: string, resource: string, namespace?: string) =>
  healthyBundle({ question: { attempt: { verb, group: "", resource, ...(namespace && { namespace }) } } });

describe("associateMeant", () => {
  it("is the least policy that has what was tried, where it was tried", () => {
    assert.deepEqual(meant(tried("list", "pods", "shop")), [
      "AmazonEKSViewPolicy",
      ["shop"],
      "AmazonEKSViewPolicy in namespace shop, the smallest for what was tried",
    ]);
    assert.deepEqual(meant(tried("delete", "pods", "shop")).slice(0, 2), ["AmazonEKSEditPolicy", ["shop"]]);
    assert.deepEqual(meant(tried("list", "pods")), [
      "AmazonEKSViewPolicy",
      "cluster",
      "AmazonEKSViewPolicy on the whole cluster, the smallest for what was tried",
    ]);
  });

  it("is to view the namespace of the command, else of the context, where nobody says what was tried", () => {
    const says = (namespace: string) => [
      "AmazonEKSViewPolicy",
      [namespace],
      `AmazonEKSViewPolicy in namespace ${namespace}, the smallest policy for viewing`,
    ];
    assert.deepEqual(meant(healthyBundle({ question: { command: "helm list -n shop" } })), says("shop"));
    assert.deepEqual(meant(healthyBundle({ question: {} })), says("web"));
  });

  it("does not take the namespace of the caller's context for somebody else", () => {
    assert.equal(meant(healthyBundle({ question: { principal: `${ROLE_ARN}Other` } }))[1], "cluster");
  });

  it("is to view where no policy has what was tried", () => {
    assert.deepEqual(meant(tried("list", "widgets", "shop")), [
      "AmazonEKSViewPolicy",
      ["shop"],
      "AmazonEKSViewPolicy in namespace shop, the smallest policy for viewing",
    ]);
  });
});
