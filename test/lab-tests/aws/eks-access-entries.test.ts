import assert from "node:assert/strict";
import {
  CreateAccessEntryCommand,
  type CreateAccessEntryRequest,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  ListAccessEntriesCommand,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import { addCluster, addEntry, addRole, addUser } from "../../lab/aws/world.ts";
import type { AccessEntry, Cluster, IamRole } from "../../lab/model.ts";
import { type AwsLab, type Keys, refusal, startAwsLab } from "./aws-lab.ts";

const invalid = (message: string) => ({ code: "InvalidParameterException", status: 400, message });

describe("EKS access entries at the AWS stand-in", () => {
  let lab: AwsLab;
  let cluster: Cluster;
  let dev: IamRole;
  beforeEach(async () => {
    lab = await startAwsLab();
    cluster = addCluster(lab.world, { name: "lab" });
    dev = addRole(lab.world, { name: "dev", path: "/team/" });
  });
  afterEach(() => lab.close());

  const create = (fields: Partial<CreateAccessEntryRequest> = {}, keys?: Keys) =>
    lab
      .eks(keys)
      .send(new CreateAccessEntryCommand({ clusterName: "lab", principalArn: dev.arn, ...fields }));
  const describeEntry = (principalArn = dev.arn) =>
    lab.eks().send(new DescribeAccessEntryCommand({ clusterName: "lab", principalArn }));
  const update = (fields: { kubernetesGroups?: string[]; username?: string }) =>
    lab.eks().send(new UpdateAccessEntryCommand({ clusterName: "lab", principalArn: dev.arn, ...fields }));
  const stored = (): AccessEntry | undefined => cluster.accessEntries.get(dev.arn);

  it("are what the builder makes too", async () => {
    const { accessEntry } = await create();
    const { createdAt, modifiedAt, ...made } = stored() ?? assert.fail("no entry was made");
    const other = addCluster(lab.world, { name: "other" });
    assert.deepEqual(addEntry(other, dev, { createdAt, modifiedAt }), { ...made, createdAt, modifiedAt });
    assert.equal(accessEntry?.type, "STANDARD");
  });

  describe("refuse the principal", () => {
    for (const [what, arn] of [
      ["of a session", "arn:aws:sts::111122223333:assumed-role/dev/ada"],
      ["without its path", "arn:aws:iam::111122223333:role/dev"],
      ["that does not exist", "arn:aws:iam::111122223333:role/team/nobody"],
      ["that is a group", "arn:aws:iam::111122223333:group/devs"],
      ["that is the account", "arn:aws:iam::111122223333:root"],
      ["that is no ARN", "dev"],
    ] as const) {
      it(what, async () => {
        assert.deepEqual(
          await refusal(create({ principalArn: arn })),
          invalid("The specified principalArn is invalid: invalid principal."),
        );
      });
    }

    it("that is a service-linked role", async () => {
      const linked = addRole(lab.world, {
        name: "AWSServiceRoleForX",
        path: "/aws-service-role/x.amazonaws.com/",
      });
      assert.deepEqual(
        await refusal(create({ principalArn: linked.arn })),
        invalid(
          "The caller is not allowed to modify access entries with a principalArn value of a Service Linked Role",
        ),
      );
    });
  });

  describe("refuse the name or group", () => {
    for (const prefix of ["system:", "eks:", "aws:", "amazon:", "iam:"]) {
      it(`that begins with ${prefix}`, async () => {
        assert.deepEqual(
          await refusal(create({ username: `${prefix}x` })),
          invalid(`The username must not begin with ${prefix}`),
        );
        assert.deepEqual(
          await refusal(create({ kubernetesGroups: ["devs", `${prefix}masters`] })),
          invalid(`The kubernetes group name ${prefix}masters is invalid, it cannot start with ${prefix}`),
        );
      });
    }

    it("that has a session name without a colon before it", async () => {
      const message = "The specified username is invalid: a colon must come before the session name";
      assert.deepEqual(await refusal(create({ username: "{{SessionName}}" })), invalid(message));
      assert.deepEqual(await refusal(create({ username: "x{{SessionNameRaw}}:" })), invalid(message));
      assert.equal(
        (await create({ username: "dev:{{SessionName}}" })).accessEntry?.username,
        "dev:{{SessionName}}",
      );
    });

    it("before the cluster is looked for", async () => {
      const { code } = await refusal(create({ clusterName: "nope", kubernetesGroups: ["system:masters"] }));
      assert.equal(code, "InvalidParameterException");
    });
  });

  describe("of nodes", () => {
    it("get their name and groups from EKS", async () => {
      const { accessEntry } = await create({ type: "EC2_LINUX" });
      assert.deepEqual(
        [accessEntry?.username, accessEntry?.kubernetesGroups],
        ["system:node:{{EC2PrivateDNSName}}", ["system:nodes"]],
      );
      await lab.eks().send(new DeleteAccessEntryCommand({ clusterName: "lab", principalArn: dev.arn }));
      const fargate = await create({ type: "FARGATE_LINUX" });
      assert.equal(fargate.accessEntry?.username, "system:node:{{SessionName}}");
    });

    it("take no others", async () => {
      const forbidden = (member: string) =>
        invalid(
          `The specified ${member} is invalid: setting ${member} is not allowed when the type is "EC2_LINUX"`,
        );
      const type = "EC2_LINUX";
      assert.deepEqual(
        await refusal(create({ type, kubernetesGroups: ["devs"] })),
        forbidden("kubernetesGroups"),
      );
      assert.deepEqual(await refusal(create({ type, username: "x" })), forbidden("username"));
      await create({ type });
      assert.deepEqual(await refusal(update({ kubernetesGroups: ["devs"] })), forbidden("kubernetesGroups"));
    });

    it("are roles of the cluster's account", async () => {
      const types = "[EC2_LINUX, EC2_WINDOWS, FARGATE_LINUX, HYBRID_LINUX, EC2]";
      const user = addUser(lab.world, { name: "dave" });
      const foreign = addRole(lab.world, { name: "node", account: "444455556666" });
      assert.deepEqual(
        await refusal(create({ type: "EC2", principalArn: user.arn })),
        invalid(`AccessEntry principalArn must be IAM role when using types ${types}`),
      );
      assert.deepEqual(
        await refusal(create({ type: "EC2", principalArn: foreign.arn })),
        invalid(
          `AccessEntry principalArn must be from the same account as the cluster when using types ${types}`,
        ),
      );
      assert.equal((await create({ principalArn: foreign.arn })).accessEntry?.principalArn, foreign.arn);
    });

    it("need iam:PassRole where AWS passes the role on", async () => {
      const keys = { accessKeyId: "AKIAEVE0000000000001", secretAccessKey: "canary-eve" };
      addUser(lab.world, {
        name: "eve",
        accessKeys: [{ id: keys.accessKeyId, secret: keys.secretAccessKey, active: true }],
        allows: [{ actions: ["eks:*"], resources: ["*"] }],
      });
      assert.deepEqual(await refusal(create({ type: "EC2_WINDOWS" }, keys)), {
        code: "AccessDeniedException",
        status: 403,
        message:
          "User: arn:aws:iam::111122223333:user/eve is not authorized to perform: iam:PassRole on resource: " +
          "arn:aws:iam::111122223333:role/team/dev because no identity-based policy allows the iam:PassRole action",
      });
      await create({ type: "HYBRID_LINUX" }, keys);
    });

    it("have a type that EKS knows", async () => {
      assert.deepEqual(
        await refusal(create({ type: "ROBOT" })),
        invalid("The specified type is invalid: ROBOT"),
      );
    });
  });

  it("keep the id of a principal that was made again", async () => {
    await create();
    const again = addRole(lab.world, { name: "dev", path: "/team/" });
    assert.notEqual(again.uniqueId, dev.uniqueId);
    assert.equal(stored()?.principalId, dev.uniqueId);
    assert.equal((await describeEntry()).accessEntry?.principalArn, again.arn);
  });

  it("are asked of IAM by their own ARN", async () => {
    const keys = { accessKeyId: "AKIAEVE0000000000001", secretAccessKey: "canary-eve" };
    addUser(lab.world, {
      name: "eve",
      accessKeys: [{ id: keys.accessKeyId, secret: keys.secretAccessKey, active: true }],
      allows: [{ actions: ["eks:*"], resources: ["arn:aws:eks:*:*:access-entry/lab/role/*/dev/*"] }],
    });
    addEntry(cluster, dev);
    const command = new DescribeAccessEntryCommand({ clusterName: "lab", principalArn: dev.arn });
    assert.equal((await lab.eks(keys).send(command)).accessEntry?.principalArn, dev.arn);
    const { code } = await refusal(lab.eks(keys).send(new ListAccessEntriesCommand({ clusterName: "lab" })));
    assert.equal(code, "AccessDeniedException");
  });
});
