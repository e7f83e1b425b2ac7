import assert from "node:assert/strict";
import {
  accessPolicyArn,
  associatePolicy,
  createEntry,
  setGroups,
  setMode,
} from "../../../doctor/fixes/access-entry-actions.ts";
import { ROLE_ARN } from "../support/bundle.ts";
import { printed } from "../support/printed.ts";

const TARGET = { cluster: "lab", region: "cn-north-1", partition: "aws-cn" };
const PLACE = `--cluster-name lab --region cn-north-1 --principal-arn ${ROLE_ARN}`;

describe("actions on access entries", () => {
  it("name policies in the partition of the cluster", () => {
    assert.equal(
      accessPolicyArn(TARGET, "AmazonEKSViewPolicy"),
      "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
    );
  });

  const scoped = (accessScope: { type: string; namespaces?: string[] }) =>
    printed(associatePolicy(TARGET, ROLE_ARN, { policyArn: "P", accessScope }))[0]?.split(
      "--access-scope ",
    )[1];

  it("list the whole scope in one word", () => {
    assert.equal(
      scoped({ type: "namespace", namespaces: ["web", "team-*"] }),
      "'type=namespace,namespaces=web,team-*'",
    );
  });

  it("say nothing of namespaces for the whole cluster, whatever list is there", () => {
    assert.equal(scoped({ type: "cluster", namespaces: [] }), "type=cluster");
  });

  it("say in JSON what the AWS CLI's shorthand would cut", () => {
    assert.equal(
      scoped({ type: "namespace", namespaces: ["a,b", "c=d"] }),
      `'{"type":"namespace","namespaces":["a,b","c=d"]}'`,
    );
  });

  it("give groups, username and type only where there are any", () => {
    const rich = { kubernetesGroups: ["a", "b"], username: "u", type: "STANDARD" };
    assert.deepEqual(
      [
        printed(createEntry(TARGET, ROLE_ARN, { kubernetesGroups: [] })),
        printed(createEntry(TARGET, ROLE_ARN, rich)),
        printed(setGroups(TARGET, ROLE_ARN, ["a"])),
      ],
      [
        [`aws eks create-access-entry ${PLACE}`],
        [`aws eks create-access-entry ${PLACE} --type STANDARD --kubernetes-groups a b --username u`],
        [`aws eks update-access-entry ${PLACE} --kubernetes-groups a`],
      ],
    );
  });

  it("wait for a new authentication mode", () => {
    assert.deepEqual(printed(setMode(TARGET, "API")), [
      "aws eks update-cluster-config --name lab --region cn-north-1 --access-config authenticationMode=API",
      "aws eks wait cluster-active --name lab --region cn-north-1",
    ]);
  });
});
