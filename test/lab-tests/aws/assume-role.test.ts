import assert from "node:assert/strict";
import {
  AssumeRoleCommand,
  type AssumeRoleRequest,
  AssumeRoleWithWebIdentityCommand,
} from "@aws-sdk/client-sts";
import { addRole, addUser, chainTrust } from "../../lab/aws/world.ts";
import type { IamRole } from "../../lab/model.ts";
import { type AwsLab, type Keys, keysOf, NOON, refusal, startAwsLab } from "./aws-lab.ts";
import { startIssuer, type TestIssuer } from "./issuer.ts";

const SPOKE = "arn:aws:iam::111122223333:role/VouchSpoke";
const MANAGEMENT = "arn:aws:iam::111122223333:role/VouchManagement";
const SESSION = "arn:aws:sts::111122223333:assumed-role/VouchManagement/ada@example.com";

describe("sts:AssumeRole at the AWS stand-in", () => {
  let issuer: TestIssuer;
  let lab: AwsLab;
  before(async () => {
    lab = await startAwsLab();
    issuer = await startIssuer(lab.ca);
    await lab.close();
  });
  after(() => issuer.close());
  beforeEach(async () => {
    lab = await startAwsLab(issuer.url);
  });
  afterEach(() => lab.close());

  function roleNamed(arn: string): IamRole {
    const role = lab.world.roles.get(arn);
    assert.ok(role);
    return role;
  }
  async function management(
    policies: { PolicyArns?: { arn: string }[]; Policy?: string } = {},
  ): Promise<Keys> {
    const { Credentials } = await lab.sts().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: MANAGEMENT,
        RoleSessionName: "ada@example.com",
        WebIdentityToken: issuer.token(),
        ...policies,
      }),
    );
    return keysOf(Credentials);
  }
  const assume = (keys: Keys | undefined, fields: Partial<AssumeRoleRequest> = {}) =>
    lab
      .sts(keys)
      .send(new AssumeRoleCommand({ RoleArn: SPOKE, RoleSessionName: "ada@example.com", ...fields }));
  const denied = (arn: string, action: string, rest = SPOKE) => ({
    code: "AccessDenied",
    status: 403,
    message: `User: ${arn} is not authorized to perform: ${action} on resource: ${rest}`,
  });
  const wrong = (message: string) => ({ code: "ValidationError", status: 400, message });

  it("chains from a web identity, and takes tags and source identity along", async () => {
    const { Credentials, AssumedRoleUser, SourceIdentity } = await assume(await management(), {
      DurationSeconds: 3600,
    });
    assert.deepEqual(AssumedRoleUser, {
      AssumedRoleId: `${roleNamed(SPOKE).uniqueId}:ada@example.com`,
      Arn: "arn:aws:sts::111122223333:assumed-role/VouchSpoke/ada@example.com",
    });
    assert.equal(SourceIdentity, "ada@example.com");
    assert.deepEqual(Credentials?.Expiration, new Date(NOON + 3600_000));
    const tags = lab.world.sessions.get(keysOf(Credentials).accessKeyId)?.tags;
    assert.deepEqual(tags, { "vouch:Email": "ada@example.com", "vouch:Domain": "example.com" });
  });

  it("gives a chained session an hour at most, whatever the role allows", async () => {
    const keys = await management();
    assert.deepEqual(
      await refusal(assume(keys, { DurationSeconds: 3601 })),
      wrong("The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
    );
    roleNamed(SPOKE).maxSessionDuration = 43_200;
    assert.deepEqual(
      await refusal(assume(keys, { DurationSeconds: 3601 })),
      wrong(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      ),
    );
    const user = addUser(lab.world, {
      name: "eve",
      accessKeys: [{ id: "AKIAEVE0000000000001", secret: "canary-eve", active: true }],
    });
    roleNamed(SPOKE).trust = [chainTrust(user.arn)];
    const eve = { accessKeyId: "AKIAEVE0000000000001", secretAccessKey: "canary-eve" };
    const { Credentials } = await assume(eve, { DurationSeconds: 43_200 });
    assert.deepEqual(Credentials?.Expiration, new Date(NOON + 43_200_000));
  });

  it("refuses whom the role does not trust, and a role that does not exist, with the same words", async () => {
    assert.deepEqual(
      await refusal(assume(undefined)),
      denied("arn:aws:iam::111122223333:user/lab-admin", "sts:AssumeRole"),
    );
    assert.deepEqual(
      await refusal(assume(undefined, { RoleArn: `${SPOKE}s` })),
      denied("arn:aws:iam::111122223333:user/lab-admin", "sts:AssumeRole", `${SPOKE}s`),
    );
  });

  it("takes a role's trust in the caller itself as enough, and not its trust in the account", async () => {
    const keys = await management();
    roleNamed(MANAGEMENT).allows = [];
    await assume(keys);
    roleNamed(SPOKE).trust = [chainTrust("arn:aws:iam::111122223333:root")];
    assert.deepEqual(await refusal(assume(keys)), denied(SESSION, "sts:AssumeRole"));
    roleNamed(MANAGEMENT).allows = [{ actions: ["sts:*"], resources: ["arn:aws:iam::*:role/Vouch*"] }];
    await assume(keys);
  });

  it("needs both sides across accounts", async () => {
    const foreign = addRole(lab.world, {
      name: "VouchSpoke",
      account: "444455556666",
      trust: [chainTrust(MANAGEMENT)],
    });
    const keys = await management();
    const { AssumedRoleUser } = await assume(keys, { RoleArn: foreign.arn });
    assert.equal(AssumedRoleUser?.Arn, "arn:aws:sts::444455556666:assumed-role/VouchSpoke/ada@example.com");
    roleNamed(MANAGEMENT).allows = [{ actions: ["sts:AssumeRole"], resources: [SPOKE] }];
    assert.deepEqual(
      await refusal(assume(keys, { RoleArn: foreign.arn })),
      denied(SESSION, "sts:AssumeRole", foreign.arn),
    );
  });

  it("needs sts:TagSession and sts:SetSourceIdentity of the target for what the session carries", async () => {
    const keys = await management();
    roleNamed(SPOKE).trust = [{ ...chainTrust(MANAGEMENT), Action: "sts:AssumeRole" }];
    assert.deepEqual(await refusal(assume(keys)), denied(SESSION, "sts:TagSession"));
    roleNamed(SPOKE).trust = [{ ...chainTrust(MANAGEMENT), Action: ["sts:AssumeRole", "sts:TagSession"] }];
    assert.deepEqual(await refusal(assume(keys)), denied(SESSION, "sts:SetSourceIdentity"));
  });

  it("asks for the external id", async () => {
    const keys = await management();
    const condition = { StringEquals: { "sts:ExternalId": "canary-external" } };
    roleNamed(SPOKE).trust = [{ ...chainTrust(MANAGEMENT), Condition: condition }];
    assert.deepEqual(await refusal(assume(keys)), denied(SESSION, "sts:AssumeRole"));
    assert.deepEqual(await refusal(assume(keys, { ExternalId: "other" })), denied(SESSION, "sts:AssumeRole"));
    await assume(keys, { ExternalId: "canary-external" });
  });

  it("can never meet sts:RoleAuthorizedByIdp, which is of web identities", async () => {
    const keys = await management();
    roleNamed(SPOKE).trust = [
      { ...chainTrust(MANAGEMENT), Condition: { Bool: { "sts:RoleAuthorizedByIdp": "true" } } },
    ];
    assert.deepEqual(await refusal(assume(keys)), denied(SESSION, "sts:AssumeRole"));
  });

  it("judges the role's ARN", async () => {
    const arn = "arn:aws:iam::1111:role/VouchSpoke";
    assert.deepEqual(await refusal(assume(undefined, { RoleArn: arn })), wrong(`${arn} is invalid`));
  });
});
