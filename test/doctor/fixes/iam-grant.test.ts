import assert from "node:assert/strict";
import { principalOfArn } from "../../../doctor/eks/principal/principal.ts";
import { grantInIam } from "../../../doctor/fixes/iam-grant.ts";
import { renderFix } from "../../../doctor/fixes/render-fix.ts";
import { ACCOUNT } from "../support/bundle.ts";

const grantTo = (arn: string) =>
  renderFix(
    grantInIam({
      principal: principalOfArn(arn),
      policyName: "eks-ListClusters",
      actions: ["eks:ListClusters"],
      resource: "*",
      denial: "",
      description: "Allow eks:ListClusters.",
    }),
    { shell: "bash" },
  );

const POLICY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["eks:ListClusters"], Resource: "*" }],
};

describe("grantInIam", () => {
  for (const [kind, arn, name] of [
    ["role", `arn:aws:sts::${ACCOUNT}:assumed-role/Dev/ada`, "Dev"],
    ["user", `arn:aws:iam::${ACCOUNT}:user/staff/ada`, "ada"],
  ] as const)
    it(`puts the policy on a ${kind}`, () => {
      assert.deepEqual(grantTo(arn).commands, [
        `aws iam put-${kind}-policy --${kind}-name ${name} --policy-name eks-ListClusters --policy-document '${JSON.stringify(POLICY)}'`,
      ]);
    });

  for (const [who, arn, says] of [
    [
      "a federated user",
      `arn:aws:sts::${ACCOUNT}:federated-user/ada`,
      "Federated users cannot have attached policies: add this to a policy of the IAM user whose keys started the session, and to the policy passed with the session.",
    ],
    [
      "root",
      `arn:aws:iam::${ACCOUNT}:root`,
      "The root user cannot have attached policies: call AWS as a role or user with this policy.",
    ],
  ] as const)
    it(`prints the policy alone for ${who}, who can have none`, () => {
      const { commands, description, text } = grantTo(arn);
      assert.deepEqual(commands, []);
      assert.equal(description, `Allow eks:ListClusters. ${says}`);
      assert.deepEqual(JSON.parse(text ?? ""), POLICY);
    });
});
