import assert from "node:assert/strict";
import {
  type AccessScope,
  AssociateAccessPolicyCommand,
  DeleteAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { addCluster, addEntry, addRole } from "../../lab/aws/world.ts";
import type { AccessEntry, Cluster, IamRole } from "../../lab/model.ts";
import { type AwsLab, NOON, refusal, startAwsLab } from "./aws-lab.ts";

const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const VIEW = policyArn("AmazonEKSViewPolicy");
const CLUSTER: AccessScope = { type: "cluster" };
const invalid = (message: string) => ({ code: "InvalidParameterException", status: 400, message });
const missing = (message: string) => ({ code: "ResourceNotFoundException", status: 404, message });

describe("EKS access policies at the AWS stand-in", () => {
  let lab: AwsLab;
  let cluster: Cluster;
  let dev: IamRole;
  let entry: AccessEntry;
  beforeEach(async () => {
    lab = await startAwsLab();
    cluster = addCluster(lab.world, { name: "lab" });
    dev = addRole(lab.world, { name: "dev" });
    entry = addEntry(cluster, dev);
  });
  afterEach(() => lab.close());

  const named = () => ({ clusterName: "lab", principalArn: dev.arn });
  const associate = (policy: string, accessScope: AccessScope) =>
    lab.eks().send(new AssociateAccessPolicyCommand({ ...named(), policyArn: policy, accessScope }));
  const associated = async () => {
    const answer = await lab.eks().send(new ListAssociatedAccessPoliciesCommand(named()));
    return answer.associatedAccessPolicies;
  };

  it("are listed, all of them", async () => {
    const { accessPolicies = [] } = await lab.eks().send(new ListAccessPoliciesCommand({}));
    assert.equal(accessPolicies.length, 34);
    assert.deepEqual(
      accessPolicies.find(({ name }) => name === "AmazonEKSViewPolicy"),
      { name: "AmazonEKSViewPolicy", arn: VIEW },
    );
  });

  it("are associated with the cluster or with namespaces", async () => {
    const scope: AccessScope = { type: "namespace", namespaces: ["team-a", "dev-*"] };
    const { $metadata: _metadata, ...answer } = await associate(VIEW, scope);
    const expected = {
      policyArn: VIEW,
      accessScope: scope,
      associatedAt: new Date(NOON),
      modifiedAt: new Date(NOON),
    };
    assert.deepEqual(answer, { ...named(), associatedAccessPolicy: expected });
    await associate(policyArn("AmazonEKSEditPolicy"), CLUSTER);
    assert.deepEqual(
      (await associated())?.map((policy) => [policy.policyArn, policy.accessScope]),
      [
        [VIEW, scope],
        [policyArn("AmazonEKSEditPolicy"), { type: "cluster", namespaces: [] }],
      ],
    );
  });

  it("overwrite their own scope when they are associated again", async () => {
    await associate(VIEW, { type: "namespace", namespaces: ["team-a"] });
    lab.clock.advance(1000);
    await associate(VIEW, { type: "namespace", namespaces: ["team-b"] });
    assert.deepEqual(await associated(), [
      {
        policyArn: VIEW,
        accessScope: { type: "namespace", namespaces: ["team-b"] },
        associatedAt: new Date(NOON),
        modifiedAt: new Date(NOON + 1000),
      },
    ]);
  });

  it("need a scope that makes sense", async () => {
    assert.deepEqual(
      await refusal(associate(VIEW, { type: "namespace" })),
      invalid("At least 1 namespace must be provided if the type is set as namespace"),
    );
    assert.deepEqual(
      await refusal(associate(VIEW, { type: "cluster", namespaces: ["team-a"] })),
      invalid("accessScope should not include namespaces if the type is not set as namespace"),
    );
    assert.equal((await refusal(associate(VIEW, {}))).code, "InvalidParameterException");
  });

  it("must exist, in this partition, and be access policies", async () => {
    const unknown = missing("The specified policyArn could not be found.");
    assert.deepEqual(await refusal(associate(policyArn("AmazonEKSViewerPolicy"), CLUSTER)), unknown);
    assert.deepEqual(await refusal(associate(VIEW.replace("arn:aws:", "arn:aws-cn:"), CLUSTER)), unknown);
    assert.deepEqual(
      await refusal(associate("arn:aws:iam::aws:policy/ReadOnlyAccess", CLUSTER)),
      invalid("The policyArn parameter format is not valid"),
    );
  });

  it("may be for service-linked roles alone", async () => {
    assert.deepEqual(
      await refusal(associate(policyArn("AmazonEKSHybridPolicy"), CLUSTER)),
      invalid("The specified policyArn can only be associated with service-linked roles"),
    );
  });

  it("go with STANDARD entries, and those of Auto Mode", async () => {
    entry.type = "EC2_LINUX";
    assert.deepEqual(await refusal(associate(VIEW, CLUSTER)), {
      code: "InvalidRequestException",
      status: 400,
      message: 'This operation can only be performed on Access Entries with a type of "STANDARD"',
    });
    entry.type = "EC2";
    await associate(policyArn("AmazonEKSAutoNodePolicy"), CLUSTER);
  });

  it("need an entry", async () => {
    cluster.accessEntries.clear();
    assert.deepEqual(
      await refusal(associate(VIEW, CLUSTER)),
      missing(
        "The specified principalArn could not be found. You can view your available access entries with 'list-access-entries'.",
      ),
    );
  });

  it("are taken away", async () => {
    await associate(VIEW, CLUSTER);
    const remove = () => lab.eks().send(new DisassociateAccessPolicyCommand({ ...named(), policyArn: VIEW }));
    await remove();
    assert.deepEqual(await associated(), []);
    assert.deepEqual(
      await refusal(remove()),
      missing("The specified policyArn is not associated with the access entry."),
    );
  });

  it("go with their entry", async () => {
    await associate(VIEW, CLUSTER);
    await lab.eks().send(new DeleteAccessEntryCommand(named()));
    addEntry(cluster, dev);
    assert.deepEqual(await associated(), []);
  });
});
