import assert from "node:assert/strict";
import { renewalHint, withRenewal } from "../../../../token/aws/sources/open-source.ts";
import { readSharedFiles } from "../../../../token/aws/sources/shared-files.ts";
import { planOf } from "../../../../token/aws/sources/source-plan.ts";
import { type ErrorCode, VouchError } from "../../../../token/errors/errors.ts";
import { onPosix } from "../../../support/platform.ts";

const CONFIG = `[profile user]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = canary
[profile session]
aws_access_key_id = ASIAEXAMPLE
aws_secret_access_key = canary
aws_session_token = canary
[profile center]
sso_start_url = https://lab.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Dev
[profile console]
login_session = arn:aws:sts::111122223333:assumed-role/Console/ada
[profile program]
credential_process = helper
[profile vouch]
credential_process = kubectl-vouch credential aws --role arn:aws:iam::111122223333:role/Dev
[profile chained]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = user
[profile far]
role_arn = arn:aws:iam::111122223333:role/Admin
source_profile = center
[profile machine]
role_arn = arn:aws:iam::111122223333:role/Admin
credential_source = Ec2InstanceMetadata
`;

const CLEAR =
  "Run `kubectl vouch cache clear` and try again. If AWS still rejects the credentials, renew them. ";

describe("what to run where AWS refuses credentials", () => {
  const hintOf = (profile: string | undefined, env = {}) => {
    const files = readSharedFiles(
      { path: "/aws/config", text: CONFIG },
      { path: "/aws/credentials", text: undefined },
    );
    return renewalHint(planOf({ profile, region: "us-east-1" }, files, env), profile);
  };

  for (const [profile, hint] of Object.entries({
    user: "Set new keys in the profile: `aws configure --profile user`",
    session: "Fetch new keys with the program that wrote the old ones: `vi +5 /aws/config`",
    center: `${CLEAR}Log in again: \`kubectl vouch login --profile center --force\``,
    console: "Log in again: `aws login --profile console`",
    program: "Renew the credentials that the profile's credential_process returns: `vi +16 /aws/config`",
    vouch: "Log in again: `kubectl vouch login --profile vouch --force`",
    chained: `${CLEAR}Set new keys in the profile: \`aws configure --profile user\``,
    far: `${CLEAR}Log in again: \`kubectl vouch login --profile far --force\``,
    machine: undefined,
  }))
    onPosix("shell", `is told for profile ${profile}`, () => assert.equal(hintOf(profile), hint));

  onPosix("shell", "is told for keys of the caller's", () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "canary" };
    assert.equal(
      hintOf(undefined, env),
      "Set new keys or run `unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN`, then try again.",
    );
  });

  it("names the profile of a caller that begins at Identity Center", () => {
    assert.match(
      hintOf(undefined, { AWS_PROFILE: "far" }) ?? "",
      /`kubectl vouch login --profile center --force`$/,
    );
  });

  describe("and is the hint of that error", () => {
    const fails = (code: ErrorCode) => Promise.reject(new VouchError(code, "Refused.", { hint: "as ever" }));
    for (const [hint, code, told] of [
      ["renew", "aws-credentials-refused", "renew"],
      ["renew", "aws-denied", "as ever"],
      [undefined, "aws-credentials-refused", "as ever"],
    ] as const)
      it(`alone: ${hint} of ${code}`, () =>
        assert.rejects(withRenewal(hint, fails(code)), { code, message: "Refused.", hint: told }));
  });
});
