import assert from "node:assert/strict";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { addRole, chainTrust, LAB_ADMIN_KEY } from "../../lab/aws/world.ts";
import type { IamRole } from "../../lab/model.ts";
import { type AwsLab, type Keys, keysOf, NOON, refusal, startAwsLab } from "./aws-lab.ts";

describe("sts:GetCallerIdentity at the AWS stand-in", () => {
  let lab: AwsLab;
  let role: IamRole;
  let admin: { arn: string; userId: string };
  beforeEach(async () => {
    lab = await startAwsLab();
    const [user] = lab.world.users.values();
    assert.ok(user);
    admin = { arn: user.arn, userId: user.uniqueId };
    role = addRole(lab.world, { name: "dev", path: "/team/", trust: [chainTrust(user.arn)] });
  });
  afterEach(() => lab.close());

  async function session(): Promise<Keys> {
    const assumption = { RoleArn: role.arn, RoleSessionName: "ada@example.com" };
    const { Credentials } = await lab.sts().send(new AssumeRoleCommand(assumption));
    return keysOf(Credentials);
  }
  const identify = async (keys: Keys) => {
    const { Arn, UserId, Account } = await lab.sts(keys).send(new GetCallerIdentityCommand({}));
    return { Arn, UserId, Account };
  };

  it("names a user", async () => {
    assert.deepEqual(await identify(LAB_ADMIN_KEY), {
      Arn: "arn:aws:iam::111122223333:user/lab-admin",
      UserId: admin.userId,
      Account: "111122223333",
    });
  });

  it("names a role's session, without the role's path", async () => {
    assert.deepEqual(await identify(await session()), {
      Arn: "arn:aws:sts::111122223333:assumed-role/dev/ada@example.com",
      UserId: `${role.uniqueId}:ada@example.com`,
      Account: "111122223333",
    });
  });

  it("answers a presigned URL in JSON or XML, as the caller accepts", async () => {
    const headers = { host: "sts.us-east-1.amazonaws.com", "x-k8s-aws-id": "lab" };
    const path = lab.presign({ headers: { "x-k8s-aws-id": "lab" } });
    const json = await lab.raw({ path, headers: { ...headers, accept: "application/json" } });
    assert.equal(json.contentType, "application/json");
    const { GetCallerIdentityResponse: response } = JSON.parse(json.body);
    assert.deepEqual(response.GetCallerIdentityResult, {
      Account: "111122223333",
      Arn: admin.arn,
      UserId: admin.userId,
    });
    assert.match(response.ResponseMetadata.RequestId, /^[\da-f-]{36}$/);

    const xml = await lab.raw({ path, headers });
    assert.equal(xml.contentType, "text/xml");
    assert.equal(
      xml.body.replace(/<RequestId>[\da-f-]{36}/, "<RequestId>id"),
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>${admin.arn}</Arn><UserId>${admin.userId}</UserId><Account>111122223333</Account>` +
        "</GetCallerIdentityResult><ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
    );
  });

  it("refuses a presigned URL with another cluster's name, or none", async () => {
    const path = lab.presign({ headers: { "x-k8s-aws-id": "lab" } });
    const host = "sts.us-east-1.amazonaws.com";
    for (const headers of [{ host, "x-k8s-aws-id": "other" }, { host }]) {
      const { status, body } = await lab.raw({ path, headers });
      assert.equal(status, 403);
      assert.match(body, /<Type>Sender<\/Type><Code>SignatureDoesNotMatch<\/Code>/);
    }
  });

  it("takes a presigned URL for any of AWS's STS hosts", async () => {
    const hosts = [
      ["sts.amazonaws.com", "us-east-1"],
      ["sts.eu-west-1.amazonaws.com", "eu-west-1"],
      ["sts-fips.us-east-2.amazonaws.com", "us-east-2"],
      ["sts.eu-west-1.api.aws", "eu-west-1"],
      ["sts.cn-north-1.amazonaws.com.cn", "cn-north-1"],
      ["sts.us-gov-west-1.amazonaws.com", "us-gov-west-1"],
    ] as const;
    for (const [host, region] of hosts) {
      const { status } = await lab.raw({ path: lab.presign({ host, region }), headers: { host } });
      assert.equal(status, 200, host);
    }
    assert.deepEqual(
      lab.standIn.calls.map(({ region }) => region),
      hosts.map(([, region]) => region),
    );
  });

  it("does not look at X-Amz-Expires: fifteen minutes count", async () => {
    const path = lab.presign({ expires: "1" });
    lab.clock.advance(14 * 60_000);
    const { status } = await lab.raw({ path, headers: { host: "sts.us-east-1.amazonaws.com" } });
    assert.equal(status, 200);
  });

  it("refuses session keys without their token, or with that of another session", async () => {
    const { accessKeyId, secretAccessKey } = await session();
    const { sessionToken } = await session();
    assert.ok(sessionToken);
    const expected = {
      code: "InvalidClientTokenId",
      status: 403,
      message: "The security token included in the request is invalid.",
    };
    assert.deepEqual(await refusal(identify({ accessKeyId, secretAccessKey })), expected);
    assert.deepEqual(await refusal(identify({ accessKeyId, secretAccessKey, sessionToken })), expected);
  });

  it("refuses a session that is over", async () => {
    const keys = await session();
    lab.clock.advance(3600_000);
    assert.deepEqual(await refusal(identify(keys)), {
      code: "ExpiredToken",
      status: 403,
      message: "The security token included in the request is expired",
    });
  });

  it("refuses the session of a role that was made again", async () => {
    const keys = await session();
    addRole(lab.world, { name: "dev", path: "/team/" });
    assert.equal((await refusal(identify(keys))).code, "InvalidClientTokenId");
  });

  it("is recorded with its caller, and without secrets", async () => {
    const keys = await session();
    lab.standIn.clearCalls();
    await identify(keys);
    assert.deepEqual(lab.standIn.calls, [
      {
        service: "sts",
        operation: "GetCallerIdentity",
        principal: "arn:aws:sts::111122223333:assumed-role/dev/ada@example.com",
        parameters: {},
        region: "us-east-1",
        time: new Date(NOON),
        error: undefined,
      },
    ]);
  });
});
