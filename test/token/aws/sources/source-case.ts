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

export const KEYS_E = { AWS_ACCESS_KEY_ID: "E", AWS_SECRET_ACCESS_KEY: "secret" };
export const WEB = {
  AWS_WEB_IDENTITY_TOKEN_FILE: "DIR/web",
  AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/rw",
};

export const keys = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = secret\n`;
export const role = (name: string, more = "") => `role_arn = arn:aws:iam::111122223333:role/${name}\n${more}`;
export const PROCESS = `credential_process = /bin/echo '{"Version":1,"AccessKeyId":"process","SecretAccessKey":"s"}'\n`;
const SSO_ROLE = "sso_account_id = 111122223333\nsso_role_name = Dev\n";
export const SSO = `sso_session = corp\n${SSO_ROLE}`;
export const SESSION =
  "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\nsso_registration_scopes = sso:account:access\n";
export const OLD_SSO = `sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n${SSO_ROLE}`;
export const LOGIN = "login_session = arn:aws:iam::111122223333:user/ada\n";
export const SSO_WORDS = "sso 111122223333/Dev corp eu-west-1";

/** The default chain of the SDK does not end at a profile that fails: it goes on to the machine. */
export const MACHINE = "instance-metadata";
export const NOT_FOUND = (name: string) => new RegExp(`The config profile \\(${name}\\) could not be found`);
export const NEVER_ANOTHER = "a profile that somebody names is never another identity";
export const OLD_CLI = "this version 2 (2.9.19) is older than aws login";
export const NO_CRT = /botocore\[crt\]|Missing Dependency/;
