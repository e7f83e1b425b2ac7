import assert from "node:assert/strict";
import { isSessionOf, personOf } from "../../../../token/aws/sources/caller-name.ts";

const session = (name: string, role = "Dev") => `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
const SSO = "AWSReservedSSO_Ops_0123456789abcdef";

describe("the name of the person whose credentials assume a role", () => {
  for (const [arn, name] of [
    [session("noor@example.com", SSO), "noor@example.com"],
    ["arn:aws-us-gov:sts::111122223333:assumed-role/Dev/noor", "noor"],
    ["arn:aws:iam::111122223333:user/ada", "ada"],
    ["arn:aws:iam::111122223333:user/team/web/ada+x=y,z@example.com", "ada+x=y,z@example.com"],
    ["arn:aws:iam::111122223333:user/a", "a-"],
    [session("GitHubActions"), "GitHubActions"],
    [session("i-am-ada"), "i-am-ada"],
    [session("cafe"), "cafe"],
  ] as const)
    it(`is ${name} for ${arn}`, () => assert.equal(personOf(arn), name));

  for (const arn of [
    ...["i-0abc1234", "i-0123456789abcdef0", "0123456789abcdef0123456789abcdef", "1700000000000000000"].map(
      (name) => session(name),
    ),
    ...["botocore-session-1700000000", "aws-sdk-js-1700000000", "aws-sdk-java-17", "aws-go-sdk-17"].map(
      (name) => session(name),
    ),
    ...["AWSCLI-Session", "kubectl-vouch", "EKSGetTokenAuth"].map((name) => session(name)),
    "arn:aws:iam::111122223333:root",
    "arn:aws:sts::111122223333:federated-user/bob",
    "",
  ])
    it(`is none for ${arn}`, () => assert.equal(personOf(arn), undefined));
});

describe("whether a caller is a session of a role", () => {
  const role = (name: string, account = "111122223333") => `arn:aws:iam::${account}:role/${name}`;
  for (const [arn, roleArn, is] of [
    [session("ada"), role("Dev"), true],
    [session("ada"), role("team/Dev"), true],
    [session("noor", SSO), role(`aws-reserved/sso.amazonaws.com/eu-west-1/${SSO}`), true],
    [session("ada"), role("dev"), false],
    [session("ada"), role("Dev", "444455556666"), false],
    [session("Dev"), role("Ops"), false],
    ["arn:aws:iam::111122223333:user/Dev", role("Dev"), false],
    [session("ada"), "arn:aws-cn:iam::111122223333:role/Dev", false],
  ] as const)
    it(`is ${is} for ${arn} and ${roleArn}`, () => assert.equal(isSessionOf(arn, roleArn), is));
});
