import assert from "node:assert/strict";
import {
  accessPolicyArn,
  associatePolicy,
  createEntry,
  moreGroups,
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
      ],
      [
        [`aws eks create-access-entry ${PLACE}`],
        [`aws eks create-access-entry ${PLACE} --type STANDARD --kubernetes-groups a b --username u`],
      ],
    );
  });

  it("keep the username where they set groups, which an update without it would reset", () => {
    const entry = { principalArn: ROLE_ARN, kubernetesGroups: ["a"], username: "dev:{{SessionName}}" };
    assert.deepEqual(setGroups(TARGET, entry, moreGroups(entry, ["b", "a"])).flatMap(printed), [
      `aws eks update-access-entry ${PLACE} --kubernetes-groups a b --username 'dev:{{SessionName}}'`,
    ]);
  });

  it("show an entry before they change it, where its username or its groups are not known", () => {
    const look = `aws eks describe-access-entry ${PLACE}`;
    const set = `aws eks update-access-entry ${PLACE} --kubernetes-groups`;
    for (const [known, command] of [
      [{ kubernetesGroups: ["a"] }, `${set} a b --username EXISTING_USERNAME`],
      [{ username: "u" }, `${set} EXISTING_GROUPS b --username u`],
      [{}, `${set} EXISTING_GROUPS b --username EXISTING_USERNAME`],
    ] as const) {
      const entry = { principalArn: ROLE_ARN, ...known };
      const commands = setGroups(TARGET, entry, moreGroups(entry, ["b"]));
      assert.deepEqual(commands.flatMap(printed), [look, command]);
    }
  });

  it("wait for a new authentication mode", () => {
    assert.deepEqual(printed(setMode(TARGET, "API")), [
      "aws eks update-cluster-config --name lab --region cn-north-1 --access-config authenticationMode=API",
      "aws eks wait cluster-active --name lab --region cn-north-1",
    ]);
  });
});
