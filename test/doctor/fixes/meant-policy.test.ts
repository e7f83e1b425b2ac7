import assert from "node:assert/strict";
import { deriveFacts } from "../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../doctor/evidence/evidence.ts";
import { entryMeant, meantGrant } from "../../../doctor/fixes/grant-fixes.ts";
import { commandsOf } from "../../../doctor/fixes/render-fix.ts";
import { renderCommand } from "../../../token/command/render-command.ts";
import { healthyBundle, ROLE_ARN } from "../support/bundle.ts";

const meant = (bundle: DoctorEvidence) => {
  const facts = deriveFacts(bundle);
  const { says, actions } = meantGrant(facts, ROLE_ARN);
  const [policy] = actions.filter((action) => action.kind === "associate-access-policy");
  return [policy?.policyArn.split("/").at(-1), policy?.scope.namespaces ?? policy?.scope.type, says];
};
const tried = (verb: string, resource: string, namespace?: string) =>
  healthyBundle({ question: { attempt: { verb, group: "", resource, ...(namespace && { namespace }) } } });

describe("what an access entry is to grant", () => {
  it("is the least policy that has what was tried, where it was tried", () => {
    assert.deepEqual(meant(tried("list", "pods", "shop")), [
      "AmazonEKSViewPolicy",
      ["shop"],
      "access policy AmazonEKSViewPolicy in namespace shop, the smallest one that allows what was tried",
    ]);
    assert.deepEqual(meant(tried("delete", "pods", "shop")).slice(0, 2), ["AmazonEKSEditPolicy", ["shop"]]);
    assert.deepEqual(meant(tried("list", "pods")), [
      "AmazonEKSViewPolicy",
      "cluster",
      "access policy AmazonEKSViewPolicy on the whole cluster, the smallest one that allows what was tried",
    ]);
  });

  it("is to view the namespace of the command, else of the context, where nobody says what was tried", () => {
    const says = (namespace: string) => [
      "AmazonEKSViewPolicy",
      [namespace],
      `access policy AmazonEKSViewPolicy in namespace ${namespace}, the smallest one for viewing`,
    ];
    assert.deepEqual(
      meant(healthyBundle({ question: { command: "argocd app list -n shop" } })),
      says("shop"),
    );
    assert.deepEqual(meant(healthyBundle({ question: {} })), says("web"));
  });

  it("does not take the namespace of the caller's context for somebody else", () => {
    assert.equal(meant(healthyBundle({ question: { principal: `${ROLE_ARN}Other` } }))[1], "cluster");
  });

  it("is a group that is allowed exactly this where no policy has what was tried", () => {
    const facts = deriveFacts(tried("list", "widgets", "shop"));
    const { says } = meantGrant(facts, ROLE_ARN);
    assert.equal(
      says,
      "group vouch-dev, bound to Role vouch-widgets-read in namespace shop; no access policy allows what was tried",
    );
    const lines = entryMeant(facts, ROLE_ARN).map((action) =>
      action.kind === "document" ? [] : commandsOf(action).map((command) => renderCommand(command, "bash")),
    );
    assert.deepEqual(
      lines.flat().map((rendered) => ("line" in rendered ? rendered.line : "")),
      [
        `aws eks create-access-entry --cluster-name lab --region eu-west-1 --principal-arn ${ROLE_ARN} --kubernetes-groups vouch-dev`,
        "kubectl create namespace shop",
        "kubectl create role vouch-widgets-read -n shop --verb=get,list,watch --resource=widgets",
        "kubectl create rolebinding vouch-dev -n shop --role=vouch-widgets-read --group=vouch-dev",
      ],
    );
  });

  it("is what the command needs, where nothing else says what was tried", () => {
    const command = "kubectl rollout restart deployment/api -n shop";
    assert.deepEqual(meant(healthyBundle({ question: { command } })).slice(0, 2), [
      "AmazonEKSEditPolicy",
      ["shop"],
    ]);
  });
});
