import fc from "fast-check";
import type { SourceGiven } from "../../token/aws/sources/plan-of-case.ts";

const PROFILES = ["default", "a", "b", "c"] as const;

/** Settings and their values. None of `aws login`, which AWS CLI 2.9 does not know. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  role_arn: ["arn:aws:iam::111122223333:role/ra", "arn:aws:iam::111122223333:role/rb"],
  source_profile: [...PROFILES, ...PROFILES, "gone"],
  credential_source: ["Environment", "EcsContainer", "Ec2InstanceMetadata", "environment"],
  web_identity_token_file: ["DIR/web"],
  role_session_name: ["n"],
  external_id: ["x"],
  duration_seconds: ["900"],
  mfa_serial: ["arn:aws:iam::111122223333:mfa/ada"],
  aws_access_key_id: ["B", "C", "D"],
  aws_secret_access_key: ["secret"],
  credential_process: [`/bin/echo '{"Version":1,"AccessKeyId":"process","SecretAccessKey":"s"}'`],
  sso_session: ["corp", "gone"],
  sso_account_id: ["111122223333"],
  sso_role_name: ["Dev"],
  sso_start_url: ["https://corp.awsapps.com/start", "https://other.awsapps.com/start"],
  sso_region: ["eu-west-1", "us-east-1"],
  region: ["eu-west-1"],
};

/** Settings that go together, so that most profiles mean something. */
const GROUPS = [
  ["role_arn", "credential_source"],
  ["role_arn", "web_identity_token_file"],
  ["aws_access_key_id", "aws_secret_access_key"],
  ["credential_process"],
  ["sso_session", "sso_account_id", "sso_role_name"],
  ["sso_start_url", "sso_region", "sso_account_id", "sso_role_name"],
];

const group = fc.oneof(
  { weight: 4, arbitrary: fc.constant(["role_arn", "source_profile"]) },
  { weight: 8, arbitrary: fc.constantFrom(...GROUPS) },
  { weight: 3, arbitrary: fc.constantFrom(...Object.keys(VALUES)).map((key) => [key]) },
);

const settings = fc
  .array(group, { minLength: 1, maxLength: 3 })
  .chain((groups) =>
    fc.record(Object.fromEntries(groups.flat().map((key) => [key, fc.constantFrom(...(VALUES[key] ?? []))]))),
  );

function file(header: (name: string) => string, minLength: number): fc.Arbitrary<string> {
  const section = fc.tuple(fc.constantFrom(...PROFILES), settings);
  return fc
    .uniqueArray(section, { minLength, maxLength: PROFILES.length, selector: ([name]) => name })
    .map((sections) => sections.map(([name, said]) => `[${header(name)}]\n${lines(said)}`).join(""));
}

function lines(said: Readonly<Record<string, string>>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
}

const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });

const SESSION =
  "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n";

const env = fc
  .record({
    AWS_PROFILE: fc.option(fc.constantFrom(...PROFILES, ...PROFILES, "gone"), { nil: undefined }),
    AWS_ACCESS_KEY_ID: fc.option(fc.constant("E"), { nil: undefined, freq: 3 }),
    AWS_SECRET_ACCESS_KEY: maybe("secret"),
    AWS_WEB_IDENTITY_TOKEN_FILE: fc.option(fc.constant("DIR/other"), { nil: undefined, freq: 2 }),
    AWS_ROLE_ARN: maybe("arn:aws:iam::111122223333:role/rw"),
    AWS_ROLE_SESSION_NAME: maybe("m"),
    AWS_CONTAINER_CREDENTIALS_FULL_URI: maybe("URL/creds"),
    AWS_EC2_METADATA_DISABLED: fc.constantFrom("true", "false"),
  })
  .map((variables) =>
    Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );

/** Files and variables as nobody writes them on purpose: any settings of any profile, in any file. */
export const randomCase: fc.Arbitrary<SourceGiven> = fc
  .record({
    config: file((name) => (name === "default" ? name : `profile ${name}`), 3).map((text) => text + SESSION),
    credentials: file((name) => name, 0),
    env,
    profile: fc.option(fc.constantFrom(...PROFILES), { nil: undefined }),
  })
  .map(({ profile, ...more }) => (profile === undefined ? more : { ...more, profile }));
