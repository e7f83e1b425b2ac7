import assert from "node:assert/strict";
import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { addCluster, addRole, addUser, chainTrust } from "../../lab/aws/world.ts";
import type { AuthenticationMode, Cluster } from "../../lab/model.ts";
import { type AwsLab, type Keys, keysOf, NOON, refusal, startAwsLab } from "./aws-lab.ts";

const EVE: Keys = { accessKeyId: "AKIAEVE0000000000001", secretAccessKey: "canary-eve" };

describe("EKS clusters at the AWS stand-in", () => {
  let lab: AwsLab;
  let cluster: Cluster;
  beforeEach(async () => {
    lab = await startAwsLab();
    cluster = addCluster(lab.world, {
      name: "lab",
      createdAt: new Date(NOON - 1000),
      endpoint: "https://127.0.0.1:1234",
      certificateAuthority: lab.ca.cert,
      authenticationMode: "CONFIG_MAP",
    });
  });
  afterEach(() => lab.close());

  /** A user who may do just this. */
  function eveMay(...allows: { actions: string[]; resources: string[] }[]): Keys {
    const accessKeys = [{ id: EVE.accessKeyId, secret: EVE.secretAccessKey, active: true }];
    addUser(lab.world, { name: "eve", allows, accessKeys });
    return EVE;
  }
  const describeCluster = (name: string, keys?: Keys, region?: string) =>
    lab.eks(keys, region).send(new DescribeClusterCommand({ name }));
  const setMode = (mode: AuthenticationMode | undefined) =>
    lab.eks().send(
      new UpdateClusterConfigCommand({
        name: "lab",
        accessConfig: { ...(mode ? { authenticationMode: mode } : {}) },
      }),
    );

  it("have no endpoint and no certificate authority while they are made", async () => {
    cluster.status = "CREATING";
    const { cluster: described } = await describeCluster("lab");
    assert.deepEqual([described?.endpoint, described?.certificateAuthority], [undefined, {}]);
  });

  describe("ask IAM", () => {
    const denied = (arn: string, action: string, resource: string, ending: string) => ({
      code: "AccessDeniedException",
      status: 403,
      message: `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} ${ending}`,
    });

    it("with wildcards in actions and resources, actions in any case", async () => {
      const keys = eveMay({ actions: ["EKS:describe*"], resources: ["arn:aws:eks:*:*:cluster/la?"] });
      addCluster(lab.world, { name: "prod" });
      assert.equal((await describeCluster("lab", keys)).cluster?.name, "lab");
      assert.equal((await refusal(describeCluster("prod", keys))).code, "AccessDeniedException");
    });

    it("and are narrowed by session policies", async () => {
      const [admin] = lab.world.users.values();
      assert.ok(admin);
      const role = addRole(lab.world, {
        name: "dev",
        trust: [chainTrust(admin.arn)],
        allows: [{ actions: ["eks:*"], resources: ["*"] }],
      });
      const session = async (limits: { PolicyArns?: { arn: string }[]; Policy?: string }): Promise<Keys> => {
        const assumption = { RoleArn: role.arn, RoleSessionName: "ada", ...limits };
        const { Credentials } = await lab.sts().send(new AssumeRoleCommand(assumption));
        return keysOf(Credentials);
      };
      const readOnly = await session({ PolicyArns: [{ arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" }] });
      await describeCluster("lab", readOnly);
      const update = new UpdateClusterConfigCommand({
        name: "lab",
        accessConfig: { authenticationMode: "API" },
      });
      const sessionArn = "arn:aws:sts::111122223333:assumed-role/dev/ada";
      assert.deepEqual(
        await refusal(lab.eks(readOnly).send(update)),
        denied(
          sessionArn,
          "eks:UpdateClusterConfig",
          cluster.arn,
          "because no session policy allows the eks:UpdateClusterConfig action",
        ),
      );
      const Policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: { Effect: "Allow", Action: "eks:ListClusters", Resource: "*" },
      });
      assert.deepEqual(
        await refusal(describeCluster("lab", await session({ Policy }))),
        denied(
          sessionArn,
          "eks:DescribeCluster",
          cluster.arn,
          "because no session policy allows the eks:DescribeCluster action",
        ),
      );
    });
  });

  describe("change their authentication mode", () => {
    it("one step at a time, and say so in an update", async () => {
      const { update } = await setMode("API_AND_CONFIG_MAP");
      const { id, ...rest } = update ?? {};
      assert.deepEqual(rest, {
        status: "InProgress",
        type: "AccessConfigUpdate",
        params: [{ type: "AuthenticationMode", value: '"API_AND_CONFIG_MAP"' }],
        createdAt: new Date(NOON),
        errors: [],
      });
      assert.equal(cluster.authenticationMode, "API_AND_CONFIG_MAP");
      const found = await lab.eks().send(new DescribeUpdateCommand({ name: "lab", updateId: id }));
      assert.deepEqual(found.update, { ...update, status: "Successful" });
      await setMode("API");
      assert.equal(cluster.authenticationMode, "API");
    });

    for (const [from, to] of [
      ["CONFIG_MAP", "API"],
      ["CONFIG_MAP", "CONFIG_MAP"],
      ["API_AND_CONFIG_MAP", "CONFIG_MAP"],
      ["API_AND_CONFIG_MAP", "API_AND_CONFIG_MAP"],
      ["API", "API_AND_CONFIG_MAP"],
      ["API", "API"],
    ] as const) {
      it(`not from ${from} to ${to}`, async () => {
        cluster.authenticationMode = from;
        assert.deepEqual(await refusal(setMode(to)), {
          code: "InvalidParameterException",
          status: 400,
          message: `Unsupported authentication mode update from ${from} to ${to}`,
        });
        assert.equal(cluster.authenticationMode, from);
      });
    }

    it("not to nothing", async () => {
      assert.equal(
        (await refusal(setMode(undefined))).message,
        "The type for cluster update was not provided.",
      );
    });
  });
});
