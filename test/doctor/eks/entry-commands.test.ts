import assert from "node:assert/strict";
import {
  accessPolicyArn,
  associatePolicy,
  createEntry,
  setGroups,
} from "../../../doctor/fixes/access-entry-actions.ts";
import { ROLE_ARN } from "../support/bundle.ts";

const target = { cluster: "lab", region: "cn-north-1", partition: "aws-cn" };
const place = ["--cluster-name", "lab", "--region", "cn-north-1", "--principal-arn", ROLE_ARN];

describe("commands for access entries", () => {
  it("name policies in the partition of the cluster", () => {
    assert.equal(
      accessPolicyArn(target, "AmazonEKSViewPolicy"),
      "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    );
  });

  it("list the whole scope in one word", () => {
    const command = associatePolicy(target, ROLE_ARN, {
      policyArn: "P",
      accessScope: { type: "namespace", namespaces: ["web", "team-*"] },
    });
    assert.deepEqual(command, [
      "aws",
      "eks",
      "associate-access-policy",
      ...place,
      "--policy-arn",
      "P",
      "--access-scope",
      "type=namespace,namespaces=web,team-*",
    ]);
  });

  it("say nothing of namespaces for the whole cluster, whatever list is there", () => {
    const command = associatePolicy(target, ROLE_ARN, {
      policyArn: "P",
      accessScope: { type: "cluster", namespaces: [] },
    });
    assert.equal(command.at(-1), "type=cluster");
  });

  it("give groups, username and type only where there are any", () => {
    assert.deepEqual(createEntry(target, ROLE_ARN, { kubernetesGroups: [] }), [
      "aws",
      "eks",
      "create-access-entry",
      ...place,
    ]);
    assert.deepEqual(
      createEntry(target, ROLE_ARN, { kubernetesGroups: ["a", "b"], username: "u", type: "STANDARD" }),
      [
        ...["aws", "eks", "create-access-entry", ...place, "--type", "STANDARD"],
        ...["--kubernetes-groups", "a", "b", "--username", "u"],
      ],
    );
    assert.deepEqual(setGroups(target, ROLE_ARN, ["a"]), [
      "aws",
      "eks",
      "update-access-entry",
      ...place,
      "--kubernetes-groups",
      "a",
    ]);
  });
});
