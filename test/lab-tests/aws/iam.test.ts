import assert from "node:assert/strict";
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  GetUserCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { addRole, addUser, chainTrust } from "../../lab/aws/world.ts";
import { type AwsLab, type Keys, keysOf, NOON, refusal, startAwsLab } from "./aws-lab.ts";

const EVE: Keys = { accessKeyId: "AKIAEVE0000000000001", secretAccessKey: "canary-eve" };
const missing = (message: string) => ({ code: "NoSuchEntityException", status: 404, message });

describe("IAM at the AWS stand-in", () => {
  let lab: AwsLab;
  beforeEach(async () => {
    lab = await startAwsLab();
    addUser(lab.world, {
      name: "eve",
      path: "/people/",
      createDate: new Date(NOON),
      accessKeys: [{ id: EVE.accessKeyId, secret: EVE.secretAccessKey, active: true }],
    });
  });
  afterEach(() => lab.close());

  it("gives a role by its name, with its path, id, date and trust policy", async () => {
    const trust = [chainTrust("arn:aws:iam::111122223333:root")];
    const role = addRole(lab.world, { name: "dev", path: "/team/", createDate: new Date(NOON), trust });
    const { Role } = await lab.iam().send(new GetRoleCommand({ RoleName: "dev" }));
    const { AssumeRolePolicyDocument: document = "", ...rest } = Role ?? {};
    assert.deepEqual(rest, {
      Path: "/team/",
      RoleName: "dev",
      RoleId: role.uniqueId,
      Arn: "arn:aws:iam::111122223333:role/team/dev",
      CreateDate: new Date(NOON),
      MaxSessionDuration: 3600,
      RoleLastUsed: {},
    });
    assert.deepEqual(JSON.parse(decodeURIComponent(document)), { Version: "2012-10-17", Statement: trust });
  });

  it("does not see roles of other accounts", async () => {
    addRole(lab.world, { name: "foreign", account: "444455556666" });
    assert.deepEqual(
      await refusal(lab.iam().send(new GetRoleCommand({ RoleName: "foreign" }))),
      missing("The role with name foreign cannot be found."),
    );
  });

  it("tells nobody who may not ask", async () => {
    const denied = (name: string) => ({
      code: "AccessDenied",
      status: 403,
      message:
        "User: arn:aws:iam::111122223333:user/people/eve is not authorized to perform: iam:GetRole on resource: " +
        `role ${name} because no identity-based policy allows the iam:GetRole action`,
    });
    for (const name of ["VouchDeveloper", "nobody"]) {
      assert.deepEqual(
        await refusal(lab.iam(EVE).send(new GetRoleCommand({ RoleName: name }))),
        denied(name),
      );
    }
  });

  it("lists roles page by page, by path", async () => {
    addRole(lab.world, { name: "dev", path: "/team/" });
    const names = async (input: { PathPrefix?: string; MaxItems?: number; Marker?: string }) => {
      const { Roles, IsTruncated, Marker } = await lab.iam().send(new ListRolesCommand(input));
      return { names: Roles?.map(({ RoleName }) => RoleName), IsTruncated, Marker };
    };
    const first = await names({ MaxItems: 3 });
    assert.deepEqual(first.names, ["VouchDeveloper", "VouchManagement", "VouchSpoke"]);
    const Marker = first.Marker ?? assert.fail("there is no second page");
    assert.deepEqual(await names({ Marker }), { names: ["dev"], IsTruncated: false, Marker: undefined });
    assert.deepEqual((await names({ PathPrefix: "/team/" })).names, ["dev"]);
  });

  it("gives a user by name, or the caller", async () => {
    const { User } = await lab.iam().send(new GetUserCommand({ UserName: "eve" }));
    assert.deepEqual(User, {
      Path: "/people/",
      UserName: "eve",
      UserId: lab.world.users.get("arn:aws:iam::111122223333:user/people/eve")?.uniqueId,
      Arn: "arn:aws:iam::111122223333:user/people/eve",
      CreateDate: new Date(NOON),
    });
    assert.equal((await lab.iam().send(new GetUserCommand({}))).User?.UserName, "lab-admin");
    assert.deepEqual(
      await refusal(lab.iam().send(new GetUserCommand({ UserName: "nobody" }))),
      missing("The user with name nobody cannot be found."),
    );
  });

  it("has no user for a role's session", async () => {
    const trust = [chainTrust("arn:aws:iam::111122223333:user/lab-admin")];
    const { arn } = addRole(lab.world, { name: "dev", trust });
    const assumption = new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "ada" });
    const { Credentials } = await lab.sts().send(assumption);
    assert.deepEqual(await refusal(lab.iam(keysOf(Credentials)).send(new GetUserCommand({}))), {
      code: "ValidationError",
      status: 400,
      message: "Must specify userName when calling with non-User credentials",
    });
  });

  it("lists and gives OIDC providers", async () => {
    const { OpenIDConnectProviderList: listed } = await lab
      .iam()
      .send(new ListOpenIDConnectProvidersCommand({}));
    const arn = "arn:aws:iam::111122223333:oidc-provider/localhost:1";
    assert.deepEqual(listed, [{ Arn: arn }]);
    const {
      $metadata: _metadata,
      ThumbprintList,
      ...provider
    } = await lab.iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
    assert.deepEqual(provider, {
      Url: "localhost:1",
      ClientIDList: ["https://localhost:1"],
      CreateDate: new Date(NOON - 30 * 24 * 3600_000),
      Tags: [],
    });
    assert.match(ThumbprintList?.join() ?? "", /^[\da-f]{40}$/);
    const other = `${arn}2`;
    assert.deepEqual(
      await refusal(lab.iam().send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: other }))),
      missing(`OpenIDConnect Provider not found for arn ${other}`),
    );
  });

  describe("simulates a principal's policies", () => {
    const simulate = (source: string, actions: string[], resources?: string[]) =>
      lab.iam().send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: source,
          ActionNames: actions,
          ResourceArns: resources,
        }),
      );
    const management = "arn:aws:iam::111122223333:role/VouchManagement";

    it("action by action, resource by resource", async () => {
      const spoke = "arn:aws:iam::111122223333:role/VouchSpoke";
      const { EvaluationResults } = await simulate(
        management,
        ["sts:AssumeRole", "eks:DescribeCluster"],
        [spoke, "*"],
      );
      assert.deepEqual(
        EvaluationResults?.map((result) => [
          result.EvalActionName,
          result.EvalResourceName,
          result.EvalDecision,
        ]),
        [
          ["sts:AssumeRole", spoke, "allowed"],
          ["sts:AssumeRole", "*", "implicitDeny"],
          ["eks:DescribeCluster", spoke, "implicitDeny"],
          ["eks:DescribeCluster", "*", "implicitDeny"],
        ],
      );
    });

    it("for a role or user that exists", async () => {
      assert.deepEqual(
        await refusal(simulate("arn:aws:iam::111122223333:role/nobody", ["eks:*"])),
        missing("The role with name nobody cannot be found."),
      );
    });

    it("not for a session", async () => {
      const session = "arn:aws:sts::111122223333:assumed-role/VouchManagement/ada";
      assert.deepEqual(await refusal(simulate(session, ["eks:*"])), {
        code: "InvalidInputException",
        status: 400,
        message: `Invalid Entity Arn: ${session} does not clearly define entity type and name.`,
      });
    });
  });

  it("knows no other actions", async () => {
    const { status, body } = await lab.raw({ path: "/?Action=DeleteRole&Version=2010-05-08" });
    assert.equal(status, 400);
    assert.match(
      body,
      /<Code>InvalidAction<\/Code><Message>Could not find operation DeleteRole for version 2010-05-08</,
    );
  });
});
