import type { ErrorCode } from "../../../../token/errors/errors.ts";

/** What one of AWS's tools does: the words of `plan-words.ts`, or what its refusal says. */
type Outcome = string | RegExp;

/**
 * Files, variables and a flag, and whose credentials come of it. `DIR` in them is a folder with a token in `DIR/web` and in
 * `DIR/other`. Ids of keys are letters: E in the environment, C and D in files, B a source's.
 */
export interface SourceCase {
  readonly name: string;
  readonly config?: string;
  readonly credentials?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly profile?: string;
  /** Ours: words, or a code and what the message says. */
  readonly ours: string | readonly [code: ErrorCode, says: string];
  /** AWS CLI 2; undefined where it does as we do. */
  readonly cli2?: Outcome;
  /** AWS CLI 1; undefined where it does as version 2. */
  readonly cli1?: Outcome;
  /** The default chain of the AWS SDK for JavaScript; undefined where it does as we do. */
  readonly sdk?: Outcome;
  /** Why we differ on purpose from AWS CLI 2. */
  readonly why?: string;
}

const KEYS_E = { AWS_ACCESS_KEY_ID: "E", AWS_SECRET_ACCESS_KEY: "secret" };
const WEB = { AWS_WEB_IDENTITY_TOKEN_FILE: "DIR/web", AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/rw" };

const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret\n`;
const role = (name: string, more = "") => `role_arn = arn:aws:iam::111122223333:role/${name}\n${more}`;
const PROCESS = `credential_process = /bin/echo '{"Version":1,"AccessKeyId":"process","SecretAccessKey":"s"}'\n`;
const SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Dev\n";
const SSO = `sso_session = corp\n${SSO_ROLE}`;
const SESSION =
  "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\nsso_registration_scopes = sso:account:access\n";
const OLD_SSO = `sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n${SSO_ROLE}`;
const LOGIN = "login_session = arn:aws:iam::111122223333:user/ada\n";
const SSO_WORDS = "sso 111122223333/Dev corp eu-west-1";

/** The default chain of the SDK does not end at a profile that fails: it goes on to the machine. */
const MACHINE = "instance-metadata";
const NOT_FOUND = (name: string) => new RegExp(`The config profile \\(${name}\\) could not be found`);
const NEVER_ANOTHER = "a profile that somebody names is never another identity";
const OLD_CLI = "this version 2 (2.9.19) is older than aws login";
const NO_CRT = /botocore\[crt\]|Missing Dependency/;

export const ENVIRONMENT_CASES: readonly SourceCase[] = [
  {
    name: "AWS_PROFILE before AWS_DEFAULT_PROFILE",
    config: `[profile a]\n${keys("C")}[profile b]\n${keys("D")}`,
    env: { AWS_PROFILE: "a", AWS_DEFAULT_PROFILE: "b" },
    ours: "C",
    cli1: "D",
  },
  {
    name: "AWS_DEFAULT_PROFILE alone",
    config: `[default]\n${keys("C")}[profile b]\n${keys("D")}`,
    env: { AWS_DEFAULT_PROFILE: "b" },
    ours: "D",
    sdk: "C",
  },
  {
    name: "keys in the environment and --profile",
    credentials: `[a]\n${keys("C")}`,
    env: KEYS_E,
    profile: "a",
    ours: "C",
  },
  {
    name: "keys in the environment and AWS_PROFILE",
    credentials: `[a]\n${keys("C")}`,
    env: { ...KEYS_E, AWS_PROFILE: "a" },
    ours: "E",
    sdk: "C",
  },
  {
    name: "keys in the environment and an AWS_PROFILE that does not exist",
    env: { ...KEYS_E, AWS_PROFILE: "gone" },
    ours: ["profile-missing", "no AWS profile gone, which AWS_PROFILE names"],
    cli2: NOT_FOUND("gone"),
    sdk: MACHINE,
  },
  {
    name: "an id in the environment without its secret",
    credentials: `[default]\n${keys("C")}`,
    env: { AWS_ACCESS_KEY_ID: "E" },
    ours: ["aws-variables-invalid", "AWS_SECRET_ACCESS_KEY is not"],
    cli2: /Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY/,
    sdk: "C",
  },
  {
    name: "a secret in the environment without its id",
    credentials: `[default]\n${keys("C")}`,
    env: { AWS_SECRET_ACCESS_KEY: "secret" },
    ours: "C",
  },
  {
    name: "web identity in the environment and keys of AWS_PROFILE",
    credentials: `[a]\n${keys("C")}`,
    env: { ...WEB, AWS_PROFILE: "a" },
    ours: "rw by token web",
    sdk: "C",
  },
  {
    name: "web identity in the environment and a role of AWS_PROFILE",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}`,
    credentials: `[b]\n${keys("B")}`,
    env: { ...WEB, AWS_PROFILE: "a" },
    ours: "ra by B",
  },
  {
    name: "web identity in the environment and --profile",
    credentials: `[a]\n${keys("C")}`,
    env: WEB,
    profile: "a",
    ours: "C",
  },
  {
    name: "web identity in the environment with a session name, and the token file of a profile",
    config: `[default]\n${role("ra", "web_identity_token_file = DIR/other\nrole_session_name = n\n")}`,
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: "DIR/web", AWS_ROLE_SESSION_NAME: "m" },
    ours: "ra[name=m] by token web",
    sdk: "ra[name=n] by token other",
  },
  {
    name: "web identity in the environment without a role",
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: "DIR/web" },
    ours: ["aws-variables-invalid", "AWS_WEB_IDENTITY_TOKEN_FILE is set, AWS_ROLE_ARN is not"],
    cli2: /configured to assume role with web identity but has no role ARN/,
    sdk: MACHINE,
  },
  {
    name: "an empty AWS_PROFILE",
    credentials: `[default]\n${keys("C")}`,
    env: { AWS_PROFILE: "" },
    ours: "C",
    cli2: NOT_FOUND(""),
    why: "an empty variable counts as unset, as everywhere in this program",
  },
  {
    name: "an empty AWS_ACCESS_KEY_ID",
    credentials: `[default]\n${keys("C")}`,
    env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" },
    ours: "C",
  },
  {
    name: "nothing but a container",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "URL/creds" },
    ours: "container",
  },
  {
    name: "a named profile without credentials, and a container",
    config: "[profile a]\nregion = eu-west-1\n",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "URL/creds" },
    profile: "a",
    ours: [
      "profile-empty",
      "AWS profile a (DIR/config, line 1), which --profile names, gives no credentials",
    ],
    cli2: "container",
    sdk: "container",
    why: NEVER_ANOTHER,
  },
  {
    name: "nothing at all",
    ours: ["aws-not-configured", "There are no AWS credentials"],
    cli2: MACHINE,
    sdk: MACHINE,
    why: "instance metadata is asked only by a profile that names it",
  },
  {
    name: "no such profile",
    config: `[default]\n${keys("C")}`,
    profile: "gone",
    ours: ["profile-missing", "no AWS profile gone, which --profile names, in DIR/config or DIR/credentials"],
    cli2: NOT_FOUND("gone"),
    sdk: MACHINE,
  },
  {
    name: "profile default, named, that does not exist",
    profile: "default",
    ours: ["profile-missing", "no AWS profile default"],
    cli2: NOT_FOUND("default"),
    sdk: MACHINE,
  },
  {
    name: "a profile with only a region",
    config: "[profile a]\nregion = eu-west-1\n",
    profile: "a",
    ours: ["profile-empty", "gives no credentials"],
    cli2: MACHINE,
    sdk: MACHINE,
    why: NEVER_ANOTHER,
  },
];

export const FILE_CASES: readonly SourceCase[] = [
  {
    name: "a file that cannot be read",
    config: "[default\nregion = x\n",
    credentials: `[default]\n${keys("C")}`,
    ours: ["aws-config-invalid", "DIR/config cannot be used: line 1"],
    cli2: /Unable to parse config file/,
    sdk: "C",
  },
  {
    name: "a file with a byte order mark",
    config: `\ufeff[default]\n${keys("C")}`,
    ours: "C",
    cli2: /Unable to parse config file/,
    why: "the mark says nothing but that the file is UTF-8",
  },
  {
    name: "a section twice",
    config: `[profile a]\n${role("ra")}[profile a]\nsource_profile = b\n[profile b]\n${keys("B")}`,
    profile: "a",
    ours: "ra by B",
    cli2: /Unable to parse config file/,
    why: "the SDKs merge them, and nothing is ambiguous in it",
  },
  {
    name: "a key twice",
    credentials: `[a]\n${keys("C")}aws_access_key_id = D\n`,
    profile: "a",
    ours: "D",
    cli2: /Unable to parse config file/,
    why: "the SDKs take the last",
  },
  {
    name: "[default], then [profile default]",
    config: `[default]\n${keys("C")}[profile default]\n${PROCESS}`,
    ours: "process",
  },
  {
    name: "[profile default], then [default]",
    config: `[profile default]\n${PROCESS}[default]\n${keys("C")}`,
    ours: "process",
    cli2: "C",
    why: "one of both has to lose, and which should not hang on their order; this is the SDKs'",
  },
  {
    name: "a comment behind a value",
    config: `[profile a]\n${role("ra", "source_profile = b\nrole_session_name = n # note\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: "ra[name=n] by B",
    cli2: "ra[name=n # note] by B",
    why: "the SDKs cut it, and a note is no value",
  },
  {
    name: "k: v, and a key in capitals",
    config: `[profile a]\n${role("ra", "Source_Profile: b\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: "ra by B",
    sdk: MACHINE,
  },
  {
    name: "a line that continues the one above",
    config: `[profile a]\n${role("ra", "role_session_name = n\n  source_profile = b\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: ["profile-invalid", "neither source_profile nor credential_source"],
    cli2: /Partial credentials found in assume-role, missing: source_profile or credential_source/,
    sdk: "ra[name=n] by B",
  },
  {
    name: "a quoted name with a blank",
    config: `[profile "my dev"]\n${keys("C")}`,
    profile: "my dev",
    ours: "C",
    sdk: MACHINE,
  },
  {
    name: "a name in single quotes, a note behind it, and Windows line ends",
    config: `[profile 'my dev'] # mine\r\n${keys("C").replaceAll("\n", "\r\n")}`,
    profile: "my dev",
    ours: "C",
    sdk: MACHINE,
  },
  {
    name: "[DEFAULT]",
    config: `[DEFAULT]\n${keys("C")}[profile a]\nregion = eu-west-1\n`,
    profile: "a",
    ours: ["profile-empty", "gives no credentials"],
    cli2: "C",
    sdk: MACHINE,
    why: "that it stands for every section is Python's, not AWS's",
  },
  {
    name: "[Profile a]",
    config: `[Profile a]\n${keys("C")}`,
    profile: "a",
    ours: ["profile-missing", "no AWS profile a"],
    cli2: NOT_FOUND("a"),
    sdk: MACHINE,
  },
  {
    name: "a process on two lines, with a blank one and a note between them",
    config: `[profile a]\n${PROCESS.replace(" '{", "\n\n# note\n  '{")}`,
    profile: "a",
    ours: "process",
    sdk: MACHINE,
  },
  {
    name: "a profile in both files",
    config: `[profile a]\n${role("ra", "source_profile = c\nrole_session_name = n\n")}[profile b]\n${keys("B")}`,
    credentials: "[a]\nsource_profile = b\n",
    profile: "a",
    ours: "ra[name=n] by B",
  },
  {
    name: "an id in one file and the secret in the other",
    config: "[profile a]\naws_secret_access_key = secret\n",
    credentials: "[a]\naws_access_key_id = C\n",
    profile: "a",
    ours: ["profile-invalid", "no aws_secret_access_key in DIR/credentials"],
    cli2: /Partial credentials found in shared-credentials-file, missing: aws_secret_access_key/,
    sdk: "C",
  },
  {
    name: "a section of the config file without the word profile",
    config: `[a]\n${keys("C")}`,
    profile: "a",
    ours: ["profile-missing", "no AWS profile a"],
    cli2: NOT_FOUND("a"),
    sdk: MACHINE,
  },
];

export const ORDER_CASES: readonly SourceCase[] = [
  {
    name: "Identity Center and keys in credentials",
    config: `[profile a]\n${SSO}${SESSION}`,
    credentials: `[a]\n${keys("D")}`,
    profile: "a",
    ours: SSO_WORDS,
    sdk: "D",
  },
  {
    name: "Identity Center and a process",
    config: `[profile a]\n${SSO}${PROCESS}${SESSION}`,
    profile: "a",
    ours: SSO_WORDS,
    sdk: "process",
  },
  {
    name: "web identity and source_profile",
    config: `[profile a]\n${role("ra", "web_identity_token_file = DIR/web\nsource_profile = b\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: "ra by token web",
    sdk: "ra by B",
  },
  {
    name: "web identity and Identity Center",
    config: `[profile a]\n${role("ra", "web_identity_token_file = DIR/web\n")}${SSO}${SESSION}`,
    profile: "a",
    ours: "ra by token web",
  },
  {
    name: "keys in credentials and a process",
    config: `[profile a]\n${PROCESS}`,
    credentials: `[a]\n${keys("C")}`,
    profile: "a",
    ours: "C",
  },
  {
    name: "a process in credentials and keys in config",
    config: `[profile a]\n${keys("C")}`,
    credentials: `[a]\n${PROCESS}`,
    profile: "a",
    ours: "process",
    sdk: "C",
  },
  {
    name: "keys in both files",
    config: `[profile a]\n${keys("C")}`,
    credentials: `[a]\n${keys("D")}`,
    profile: "a",
    ours: "D",
  },
  {
    name: "a login and keys in credentials",
    config: `[profile a]\n${LOGIN}`,
    credentials: `[a]\n${keys("C")}`,
    profile: "a",
    ours: "C",
  },
  {
    name: "a login and a process",
    config: `[profile a]\n${LOGIN}${PROCESS}`,
    profile: "a",
    ours: "login arn:aws:iam::111122223333:user/ada",
    cli2: "process",
    cli1: NO_CRT,
    sdk: "process",
    why: OLD_CLI,
  },
  {
    name: "a login",
    config: `[profile a]\n${LOGIN}`,
    profile: "a",
    ours: "login arn:aws:iam::111122223333:user/ada",
    cli2: MACHINE,
    cli1: NO_CRT,
    why: OLD_CLI,
  },
  {
    name: "Identity Center, by a session",
    config: `[profile a]\n${SSO}${SESSION}`,
    profile: "a",
    ours: SSO_WORDS,
  },
  {
    name: "Identity Center, in the old form",
    config: `[profile a]\n${OLD_SSO}`,
    profile: "a",
    ours: "sso 111122223333/Dev https://corp.awsapps.com/start eu-west-1",
  },
  {
    name: "a session of Identity Center that is not there",
    config: `[profile a]\n${SSO}`,
    profile: "a",
    ours: ["profile-invalid", "AWS profile a (DIR/config, line 2): there is no [sso-session corp]"],
    cli2: /The specified sso-session does not exist: "corp"/,
    sdk: /TypeError/,
  },
  {
    name: "a region of Identity Center that differs",
    config: `[profile a]\nsso_region = us-east-1\n${SSO}${SESSION}`,
    profile: "a",
    ours: ["profile-invalid", "sso_region is us-east-1, and eu-west-1 in [sso-session corp] (line 7)"],
    cli2: /The value for sso_region is inconsistent between profile \(us-east-1\) and sso-session \(eu-west-1\)/,
    sdk: SSO_WORDS,
  },
  {
    name: "Identity Center without a role",
    config: `[profile a]\nsso_session = corp\nsso_account_id = 111122223333\n${SESSION}`,
    profile: "a",
    ours: ["profile-invalid", "line 3): for Identity Center it lacks sso_role_name"],
    cli2: /configured to use SSO but is missing required configuration: sso_role_name/,
    sdk: /incomplete|valid/i,
  },
  {
    name: "a session of Identity Center, and neither account nor role",
    config: `[profile a]\nsso_session = corp\n${PROCESS}${SESSION}`,
    profile: "a",
    ours: "process",
  },
  {
    name: "a process whose program begins with ~",
    config: "[profile a]\ncredential_process = ~/p --flag\n",
    profile: "a",
    ours: ["profile-invalid", "credential_process begins with ~"],
    cli2: /No such file or directory: '~\/p'/,
    sdk: MACHINE,
  },
  {
    name: "web identity of a profile",
    config: `[profile a]\n${role("ra", "web_identity_token_file = DIR/web\nrole_session_name = n\n")}`,
    profile: "a",
    ours: "ra[name=n] by token web",
  },
  {
    name: "web identity of a profile without a role",
    config: "[profile a]\nweb_identity_token_file = DIR/web\n",
    profile: "a",
    ours: ["profile-invalid", "line 2): it has web_identity_token_file without role_arn"],
    cli2: /configured to assume role with web identity but has no role ARN/,
    sdk: MACHINE,
  },
  {
    name: "an id without its secret",
    credentials: "[a]\naws_access_key_id = C\n",
    profile: "a",
    ours: ["profile-invalid", "AWS profile a (DIR/credentials, line 2): it has aws_access_key_id"],
    cli2: /Partial credentials found in shared-credentials-file, missing: aws_secret_access_key/,
    sdk: MACHINE,
  },
  {
    name: "an empty id before a process",
    config: `[profile a]\n${PROCESS}`,
    credentials: "[a]\naws_access_key_id =\naws_secret_access_key =\n",
    profile: "a",
    ours: ["profile-invalid", "line 2): aws_access_key_id is empty"],
    cli2: "",
    sdk: "process",
    why: "empty keys are nobody's: AWS refuses them only later",
  },
];

export const ROLE_CASES: readonly SourceCase[] = [
  {
    name: "a chain, with all that a role may say",
    config: `[profile a]\n${role("ra", "source_profile = b\nrole_session_name = n\nexternal_id = x\nduration_seconds = 900\n")}[profile b]\n${role("rb", "source_profile = c\n")}`,
    credentials: `[c]\n${keys("C")}`,
    profile: "a",
    ours: "ra[name=n external=x seconds=900] by rb by C",
  },
  {
    name: "a role with an MFA device",
    config: `[profile a]\n${role("ra", "source_profile = b\nmfa_serial = arn:aws:iam::111122223333:mfa/ada\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: "ra[mfa=arn:aws:iam::111122223333:mfa/ada] by B",
  },
  {
    name: "a role with its own keys as source",
    config: `[profile a]\n${role("ra", `source_profile = a\n${keys("C")}`)}`,
    profile: "a",
    ours: "ra by C",
  },
  {
    name: "a source with a role and keys",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${role("rb", `source_profile = c\n${keys("B")}`)}`,
    credentials: `[c]\n${keys("C")}`,
    profile: "a",
    ours: "ra by B",
  },
  {
    name: "a source with keys of config, a role and a process",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${role("rb", `source_profile = c\n${PROCESS}${keys("B")}`)}`,
    profile: "a",
    ours: "ra by process",
    sdk: "ra by B",
  },
  {
    name: "a chain that goes round",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${role("rb", "source_profile = a\n")}`,
    profile: "a",
    ours: ["profile-invalid", "AWS profile b (DIR/config, line 6): source_profile goes round: a > b > a"],
    cli2: /Infinite loop in credential configuration detected/,
    sdk: MACHINE,
  },
  {
    name: "a chain that goes round to a profile with keys",
    config: `[profile a]\n${role("ra", `source_profile = b\n${keys("C")}`)}[profile b]\n${role("rb", "source_profile = a\n")}`,
    profile: "a",
    ours: ["profile-invalid", "goes round: a > b > a"],
    cli2: /Infinite loop in credential configuration detected/,
    sdk: "ra by rb by C",
  },
  {
    name: "a role that is its own source, without keys",
    config: `[profile a]\n${role("ra", "source_profile = a\n")}`,
    profile: "a",
    ours: ["profile-invalid", "goes round: a > a"],
    cli2: /Infinite loop in credential configuration detected/,
    sdk: MACHINE,
  },
  {
    name: "a source that does not exist",
    config: `[profile a]\n${role("ra", "source_profile = n\n")}`,
    profile: "a",
    ours: ["profile-missing", "AWS profile a (DIR/config, line 3): source_profile names profile n"],
    cli2: /The source_profile "n" referenced in the profile "a" does not exist/,
    sdk: MACHINE,
  },
  {
    name: "a source without credentials",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\nregion = eu-west-1\n`,
    env: { ...WEB, AWS_CONTAINER_CREDENTIALS_FULL_URI: "URL/creds" },
    profile: "a",
    ours: ["profile-empty", "AWS profile b (DIR/config, line 4), which source_profile of profile a names"],
    cli2: /The source profile "b" must have credentials/,
    sdk: "rw by token web",
  },
  {
    name: "an empty source_profile",
    config: `[profile a]\n${role("ra", `source_profile =\n${keys("C")}`)}`,
    profile: "a",
    ours: ["profile-invalid", "line 3): source_profile is empty"],
    cli2: /The source_profile "" referenced in the profile "a" does not exist/,
    sdk: "C",
  },
  {
    name: "an empty role_arn before keys",
    config: `[profile a]\nrole_arn =\n${keys("C")}`,
    profile: "a",
    ours: ["profile-invalid", "line 2): role_arn is empty"],
    cli2: /Partial credentials found in assume-role/,
    sdk: "C",
  },
  {
    name: "role_arn alone",
    config: `[profile a]\n${role("ra")}`,
    profile: "a",
    ours: ["profile-invalid", "line 2): it has role_arn, and neither source_profile nor credential_source"],
    cli2: /Partial credentials found in assume-role, missing: source_profile or credential_source/,
    sdk: MACHINE,
  },
  {
    name: "both sources",
    config: `[profile a]\n${role("ra", "source_profile = b\ncredential_source = Environment\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: ["profile-invalid", "line 4): it has both source_profile and credential_source"],
    cli2: /The profile "a" contains both source_profile and credential_source/,
    sdk: MACHINE,
  },
  {
    name: "credential_source = Environment with keys there",
    config: `[profile a]\n${role("ra", "credential_source = Environment\n")}`,
    env: KEYS_E,
    profile: "a",
    ours: "ra by E",
  },
  {
    name: "credential_source = Environment without keys there",
    config: `[profile a]\n${role("ra", "credential_source = Environment\n")}`,
    profile: "a",
    ours: ["profile-invalid", "credential_source is Environment, and AWS_ACCESS_KEY_ID is not set"],
    cli2: /No credentials found in credential_source referenced in profile a/,
    sdk: MACHINE,
  },
  {
    name: "credential_source = EcsContainer",
    config: `[profile a]\n${role("ra", "credential_source = EcsContainer\n")}`,
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "URL/creds" },
    profile: "a",
    ours: "ra by container",
  },
  {
    name: "credential_source = EcsContainer outside of a container",
    config: `[profile a]\n${role("ra", "credential_source = EcsContainer\n")}`,
    profile: "a",
    ours: ["profile-invalid", "credential_source is EcsContainer, and no AWS_CONTAINER_CREDENTIALS"],
    cli2: /No credentials found in credential_source referenced in profile a/,
    sdk: MACHINE,
  },
  {
    name: "credential_source = Ec2InstanceMetadata",
    config: `[profile a]\n${role("ra", "credential_source = Ec2InstanceMetadata\n")}`,
    profile: "a",
    ours: "ra by instance-metadata",
  },
  {
    name: "credential_source = Ec2InstanceMetadata, disabled",
    config: `[profile a]\n${role("ra", "credential_source = Ec2InstanceMetadata\n")}`,
    env: { AWS_EC2_METADATA_DISABLED: "TRUE" },
    profile: "a",
    ours: [
      "profile-invalid",
      "credential_source is Ec2InstanceMetadata, and AWS_EC2_METADATA_DISABLED is true",
    ],
    cli2: /No credentials found in credential_source referenced in profile a/,
    sdk: "ra by instance-metadata",
  },
  {
    name: "a credential_source that there is not",
    config: `[profile a]\n${role("ra", "credential_source = Nope\n")}`,
    profile: "a",
    ours: ["profile-invalid", "credential_source is Nope, and that is none of Environment"],
    cli2: /The credential source "Nope" referenced in profile "a" is not valid/,
    sdk: MACHINE,
  },
  {
    name: "a role by Identity Center",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${SSO}${SESSION}`,
    profile: "a",
    ours: `ra by ${SSO_WORDS}`,
  },
  {
    name: "a role by a process",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${PROCESS}`,
    profile: "a",
    ours: "ra by process",
  },
  {
    name: "a role by web identity",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${role("rb", "web_identity_token_file = DIR/web\n")}`,
    profile: "a",
    ours: "ra by rb by token web",
  },
  {
    name: "a role by a login",
    config: `[profile a]\n${role("ra", "source_profile = b\n")}[profile b]\n${LOGIN}`,
    profile: "a",
    ours: "ra by login arn:aws:iam::111122223333:user/ada",
    cli2: /The source profile "b" must have credentials/,
    cli1: NO_CRT,
    why: OLD_CLI,
  },
  {
    name: "a duration that is no number",
    config: `[profile a]\n${role("ra", "source_profile = b\nduration_seconds = 1h\n")}[profile b]\n${keys("B")}`,
    profile: "a",
    ours: ["profile-invalid", "duration_seconds is 1h, not a number of seconds"],
    cli2: "ra by B",
    sdk: "ra[seconds=1] by B",
    why: "a session of another length than is written is a surprise",
  },
];

export const SOURCE_CASES: readonly SourceCase[] = [
  ...ENVIRONMENT_CASES,
  ...FILE_CASES,
  ...ORDER_CASES,
  ...ROLE_CASES,
];
