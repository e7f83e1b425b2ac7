import { hash } from "node:crypto";

/**
 * Names of the files in which AWS's tools cache what they were given. All are hashes, in hexadecimal; two are of JSON as Python
 * writes it.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Cache files".
 */

/** In `~/.aws/sso/cache`: the access token of an `sso-session`, by its name, or of a start URL, exactly as written. */
export function ssoTokenFile(sessionOrStartUrl: string): string {
  return `${hash("sha1", sessionOrStartUrl)}.json`;
}

/** A client registration that belongs to a session and its scopes. */
interface SsoRegistration {
  readonly startUrl: string;
  readonly region: string;
  /** Undefined in the old form. */
  readonly session: string | undefined;
  readonly scopes: readonly string[] | undefined;
  /** `botocore` is the AWS CLI. */
  readonly tool: string;
}

/** In `~/.aws/sso/cache`: the client that an AWS tool registered. */
export function ssoRegistrationFile({ startUrl, region, session, scopes, tool }: SsoRegistration): string {
  const key = {
    region,
    scopes: scopes ?? null,
    session_name: session ?? null,
    startUrl,
    tool,
  };
  return `${hash("sha1", pythonJson(key))}.json`;
}

/** In the folder of `aws login`: the credentials of a `login_session`. */
export function loginTokenFile(session: string): string {
  return `${hash("sha256", session)}.json`;
}

/** The parts of the AWS CLI's key for an assumed role; its source is not one of them. */
interface CliRole {
  readonly roleArn: string;
  /** Undefined if the profile has none. */
  readonly sessionName: string | undefined;
  readonly externalId: string | undefined;
  readonly mfaSerial: string | undefined;
  readonly durationSeconds: number | undefined;
}

/** In `~/.aws/cli/cache`: the credentials of a role that the AWS CLI assumed. */
export function cliRoleFile(role: CliRole): string {
  const key = {
    DurationSeconds: role.durationSeconds,
    ExternalId: role.externalId,
    RoleArn: role.roleArn,
    RoleSessionName: role.sessionName,
    SerialNumber: role.mfaSerial,
  };
  return `${hash("sha1", pythonJson(key))}.json`;
}

/** In `~/.aws/cli/cache`: the credentials of a role that Identity Center gave the AWS CLI. */
export function cliSsoFile({ account, role, session, startUrl }: CliSsoRole): string {
  const of = session === undefined ? { startUrl } : { sessionName: session };
  return `${hash("sha1", ascii({ accountId: account, roleName: role, ...of }))}.json`;
}

/** The parts of the AWS CLI's key for an Identity Center role: the session, or the start URL in the old form. */
interface CliSsoRole {
  readonly account: string;
  readonly role: string;
  readonly session: string | undefined;
  readonly startUrl: string;
}

/** As `json.dumps(value, sort_keys=True)` writes it, for objects whose members are already in order. */
function pythonJson(value: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${ascii(name)}: ${pythonValue(member)}`);
  return `{${members.join(", ")}}`;
}

function pythonValue(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(pythonValue).join(", ")}]` : ascii(value);
}

/** JSON in ASCII: Python escapes all other characters. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
