import assert from "node:assert/strict";
import { parseRoleArn, requireSamePartition } from "../../../token/aws/arn.ts";

describe("parseRoleArn", () => {
  const roles = {
    "arn:aws:iam::111122223333:role/dev": ["aws", "dev"],
    "arn:aws:iam::111122223333:role/team/platform/dev": ["aws", "dev"],
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_x_0123456789abcdef":
      ["aws", "AWSReservedSSO_x_0123456789abcdef"],
    "arn:aws-cn:iam::111122223333:role/a+b=c,d.e@f-g_h": ["aws-cn", "a+b=c,d.e@f-g_h"],
    "arn:aws-us-gov:iam::111122223333:role/dev": ["aws-us-gov", "dev"],
    "arn:aws-iso-f:iam::111122223333:role/dev": ["aws-iso-f", "dev"],
    [`arn:aws:iam::111122223333:role/${"x".repeat(64)}`]: ["aws", "x".repeat(64)],
  };
  for (const [arn, [partition, name]] of Object.entries(roles)) {
    it(`reads ${arn}`, () => {
      assert.deepEqual(parseRoleArn(arn), { arn, partition, account: "111122223333", name });
    });
  }

  for (const arn of [
    "",
    "dev",
    "arn:aws:iam::111122223333:user/ada",
    "arn:aws:iam::11112222333:role/dev",
    "arn:aws:iam::111122223333:role/",
    "arn:aws:iam::111122223333:role//dev",
    "arn:aws:iam::111122223333:role/dev/",
    "arn:aws-mars:iam::111122223333:role/dev",
    "arn:aws:iam:us-east-1:111122223333:role/dev",
    `arn:aws:iam::111122223333:role/${"x".repeat(65)}`,
    "arn:aws:iam::111122223333:role/dev\n",
    " arn:aws:iam::111122223333:role/dev",
    "arn:aws:iam::111122223333:role/dev role",
  ]) {
    it(`refuses ${JSON.stringify(arn)}`, () => {
      assert.throws(() => parseRoleArn(arn), {
        code: "role-arn-invalid",
        message: `${JSON.stringify(arn)} is not the ARN of an IAM role.`,
        hint: "Specify a role as arn:aws:iam::ACCOUNT:role/NAME.",
      });
    });
  }

  it("names the role of a session that was given instead", () => {
    assert.throws(() => parseRoleArn("arn:aws-cn:sts::111122223333:assumed-role/dev/ada@example.com"), {
      code: "role-arn-invalid",
      message:
        '"arn:aws-cn:sts::111122223333:assumed-role/dev/ada@example.com" is not the ARN of an IAM role; ' +
        "it is the ARN of a role session.",
      hint: "Use the ARN of the role: arn:aws-cn:iam::111122223333:role/dev",
    });
  });
});

describe("requireSamePartition", () => {
  const role = (partition: string) => parseRoleArn(`arn:${partition}:iam::111122223333:role/dev`);

  it("lets a role be used in the regions of its partition", () => {
    requireSamePartition(role("aws"), "eu-west-1");
    requireSamePartition(role("aws-cn"), "cn-north-1");
    requireSamePartition(role("aws-iso-b"), "us-isob-east-1");
  });

  it("names a region that would do", () => {
    assert.throws(() => requireSamePartition(role("aws-us-gov"), "us-east-1"), {
      code: "partition-mismatch",
      message:
        "Region us-east-1 is in partition aws, but role arn:aws-us-gov:iam::111122223333:role/dev is in aws-us-gov.",
      hint: "Use a region in the role's partition, for example --region us-gov-west-1, or a role in partition aws.",
    });
  });
});
