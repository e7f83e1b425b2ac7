import type { AwsCredentials } from "../../token/aws/aws-credentials.ts";
import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { EXIT, VouchError } from "../../token/errors/errors.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { timestamp } from "../../token/text/time.ts";
import type { App } from "../app.ts";
import { askAwsCredentials } from "../aws/ask-aws.ts";
import { chooseIdentity } from "../aws/choose-identity.ts";
import { ANY_REGION } from "../aws/context-plan.ts";
import { foregroundRunner } from "../programs/foreground-runner.ts";
import type { RoleFlags } from "../vouch/role-choice.ts";
import { fetchRoleCredentials, MIN_REMAINING_MS } from "../vouch/vouch-credentials.ts";
import { Desk } from "../workplace/workplace.ts";

interface ExecOptions extends RoleFlags {
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/**
 * Runs a program with the role's credentials in its environment and nowhere else: no file is written. The result is its exit
 * status, or 128 plus the number of the signal that ended it.
 */
export async function runExec({ command, ...options }: ExecOptions, app: App): Promise<number> {
  const [program, ...args] = command;
  if (program === undefined)
    throw new VouchError("usage", "The command to run is missing.", {
      hint: withCommands`Put it after --, for example ${exec("aws", "s3", "ls")}.`,
    });
  const run = foregroundRunner(app, program);
  // A keyring may write the address of its bus into our own environment.
  const own = { ...app.env, ...app.dropped };
  const fetched = await fetchCredentials({ ...options, command }, new Desk(app));
  if (app.signal.aborted) throw new VouchError("interrupted", "Interrupted.");
  const { status, signalNumber } = await run(args, environmentFor(own, fetched));
  return signalNumber === undefined ? (status ?? EXIT.bug) : 128 + signalNumber;
}

/** Credentials of any AWS profile or Vouch role, and the region that goes with them. */
async function fetchCredentials(
  { command, ...options }: ExecOptions,
  desk: Desk,
): Promise<{ readonly credentials: AwsCredentials; readonly region: string | undefined }> {
  const { region: named } = options;
  const again = (profile: string) =>
    typed([
      ...["kubectl", "vouch", "exec", "--profile", profile],
      ...(named === undefined ? [] : ["--region", named]),
      ...["--", ...maskArguments(command)],
    ]);
  const choice = chooseIdentity({ ...options, ambient: false, again }, desk);
  if (choice.kind === "vouch") return fetchRoleCredentials(options, desk);
  const { source, region } = choice;
  const { profile, role, via, sessionName } = source;
  const asked = { profile, role, via, sessionName, region: region?.value ?? ANY_REGION };
  const wish = { fresh: false, minRemainingMs: MIN_REMAINING_MS };
  return { credentials: await askAwsCredentials(desk, asked, { wish }), region: region?.value };
}

/** Variables that name another identity, or come first in some tool. Source: doctor/AWS-CREDENTIALS.md, "Credential chain". */
const OTHER_SOURCES = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
];

/** The environment of a program that uses these credentials and no others. */
export function environmentFor(
  own: Readonly<Record<string, string | undefined>>,
  { credentials, region }: { readonly credentials: AwsCredentials; readonly region: string | undefined },
): Record<string, string> {
  const kept = Object.entries(own).flatMap(([name, value]) =>
    value === undefined || OTHER_SOURCES.includes(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
    ...(credentials.expires === undefined
      ? {}
      : { AWS_CREDENTIAL_EXPIRATION: timestamp(credentials.expires) }),
    ...(region === undefined ? {} : { AWS_REGION: region, AWS_DEFAULT_REGION: region }),
  };
}

function exec(...words: readonly string[]) {
  return typed(["kubectl", "vouch", "exec", "--", ...words]);
}
