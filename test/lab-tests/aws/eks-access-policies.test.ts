import assert from "node:assert/strict";
import {
  type AccessScope,
  AssociateAccessPolicyCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { addCluster, addEntry, addRole } from "../../lab/aws/world.ts";
import type { AccessEntry, Cluster, IamRole } from "../../lab/model.ts";
import { type AwsLab, NOON, refusal, startAwsLab } from "./aws-lab.ts";

const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const VIEW = policyArn("AmazonEKSViewPolicy");
const CLUSTER: AccessScope = { type: "cluster" };
const invalid = (message: string) => ({ code: "InvalidParameterException", status: 400, message });

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
});
