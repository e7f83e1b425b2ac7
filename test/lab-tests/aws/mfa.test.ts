import assert from "node:assert/strict";
import { AssumeRoleCommand, type AssumeRoleRequest } from "@aws-sdk/client-sts";
import { addRole, addUser } from "../../lab/aws/world.ts";
import { type AwsLab, refusal, startAwsLab } from "./aws-lab.ts";

const SERIAL = "arn:aws:iam::111122223333:mfa/ada";
const ADA = { accessKeyId: "AKIAADA0000000000001", secretAccessKey: "canary-ada" };

describe("MFA devices at the AWS stand-in", () => {
  let lab: AwsLab;
  beforeEach(async () => {
    lab = await startAwsLab();
    const ada = addUser(lab.world, {
      name: "ada",
      accessKeys: [{ id: ADA.accessKeyId, secret: ADA.secretAccessKey, active: true }],
      mfaDevices: [{ serial: SERIAL, codes: ["123456", "654321"] }],
    });
    const Condition = { Bool: { "aws:MultiFactorAuthPresent": "true" } };
    const trust = {
      Effect: "Allow" as const,
      Principal: { AWS: ada.arn },
      Action: "sts:AssumeRole",
      Condition,
    };
    addRole(lab.world, { name: "ra", trust: [trust] });
  });
  afterEach(() => lab.close());

  const assume = (fields: Partial<AssumeRoleRequest>) =>
    lab.sts(ADA).send(
      new AssumeRoleCommand({
        RoleArn: "arn:aws:iam::111122223333:role/ra",
        RoleSessionName: "ada",
        ...fields,
      }),
    );

  it("open a role that demands one, with each code once", async () => {
    const given = { SerialNumber: SERIAL, TokenCode: "123456" };
    assert.match((await assume(given)).AssumedRoleUser?.Arn ?? "", /assumed-role\/ra\/ada$/);
    assert.deepEqual(await refusal(assume(given)), {
      code: "AccessDenied",
      status: 403,
      message: "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    });
    assert.ok(await assume({ ...given, TokenCode: "654321" }));
  });

  for (const [fields, code, says] of [
    [{}, "AccessDenied", /is not authorized to perform: sts:AssumeRole on resource: .*role\/ra$/],
    [
      { SerialNumber: SERIAL },
      "AccessDenied",
      /, must provide both MFA serial number and one time pass code\.$/,
    ],
    [
      { SerialNumber: `${SERIAL}2`, TokenCode: "123456" },
      "AccessDenied",
      /, unable to validate MFA code\. {2}Please/,
    ],
    [
      { SerialNumber: SERIAL, TokenCode: "12345" },
      "ValidationError",
      /'tokenCode' failed to satisfy constraint/,
    ],
  ] as const)
    it(`are refused with ${JSON.stringify(fields)}`, async () => {
      const refused = await refusal(assume(fields));
      assert.equal(refused.code, code);
      assert.match(refused.message, says);
    });
});
