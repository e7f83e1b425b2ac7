import { reasonOf } from "../../../token/errors/errors.ts";
import { jsonRecord } from "../../../token/vouch/json-record.ts";
import type { CalledContext } from "../called-context.ts";
import { findProgram, searchIn } from "../local/find-program.ts";
import type { Asking } from "../probe.ts";
import type { RunResult } from "../probe-host.ts";

/** An AWS CLI to ask, as the plugin of a context would ask it. */
export interface CliAsking extends Pick<Asking, "host" | "secrets" | "signal"> {
  readonly call: CalledContext;
}

/** The AWS CLI here is too old to hand out the credentials that it finds. It can still ask with them itself. */
export class KeepsCredentials extends Error {
  constructor() {
    super("the AWS CLI here has no `aws configure export-credentials`");
  }
}

/** Variables of an exec block that say whose keys are meant and where they lie. No PATH: `aws` is ours to choose. */
const CREDENTIAL_VARIABLES = /^(?:AWS_.*|HOME|USERPROFILE|(?:https?|no|all)_proxy)$/i;

/** A kubeconfig does not choose who gets what a doctor sends. */
const RECEIVER_VARIABLES = /^AWS_(?:ENDPOINT_URL|IGNORE_CONFIGURED_ENDPOINT_URLS|CA_BUNDLE|USE_)/i;

/**
 * Runs the AWS CLI with the profile and the keys that the plugin of a context would use; only where kubectl would run the
 * context's plugin, and `aws`, too. Never asks instance metadata.
 */
export async function runAwsCli(
  { call: { command, exec }, host, signal }: CliAsking,
  args: readonly string[],
  isMeant: (name: string) => boolean = () => true,
): Promise<RunResult> {
  if (findProgram("aws", searchIn(host)) === undefined)
    throw new Error("there are no AWS keys here, and no AWS CLI that could give some");
  const profile = exec?.profile === undefined ? [] : ["--profile", exec.profile];
  const chosen = Object.entries(exec?.env ?? {}).filter(
    ([name]) => CREDENTIAL_VARIABLES.test(name) && isMeant(name),
  );
  return host.run(
    { plugin: "aws", args: [...args, ...profile], instead: command },
    {
      env: {
        ...host.env,
        ...Object.fromEntries(chosen),
        ...host.dropped,
        AWS_EC2_METADATA_DISABLED: "true",
      },
      signal,
    },
  );
}

/**
 * Whether the CLI has no such command.
 * Source: doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
export function isUnknownCommand({ exitCode, stderr }: RunResult): boolean {
  return (exitCode === 2 || exitCode === 252) && /Invalid choice/i.test(stderr);
}

/** The reason that it gives: the last line of what it said. */
export function reasonOfCli({ exitCode, stderr }: RunResult, command: string): string {
  return stderr.trim().split("\n").at(-1) || `${command} ended with ${exitCode}`;
}

/** Nothing was asked: the CLI found no credentials, or none that it could sign with. */
export class Unsigned extends Error {}

/** An error of a service, under AWS's own code, as the SDK would throw it. */
class ServiceError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Source: botocore, exceptions.py (ClientError). */
const SERVICE_ERROR =
  /An error occurred \((?<code>[\w.]+)\) when calling the \w+ operation(?: \([^)]*\))?: (?<message>.*)/s;

/** The call did not get as far as AWS, whatever the credentials. Source: botocore, exceptions.py (HTTPClientError). */
const NOT_REACHED =
  /Could not connect to the endpoint URL|Connect timeout|Read timeout|SSL validation failed|Connection was closed|Failed to connect to proxy/;

/** What it says of credentials that are not there, or cannot be had: the same to every question. */
const NONE_TO_SIGN_WITH = /credentials|profile|session|token/i;

/** What the CLI would take for another flag, or for the address of what is meant: it reads files and fetches from the web. */
const NOT_PLAIN = /^-|:\/\//;

/** One answer of AWS, asked for through the CLI; `askCli(asked, "eks list-clusters", { region: "eu-west-1" })`. */
export async function askCli(
  asked: CliAsking,
  command: string,
  options: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  for (const value of Object.values(options))
    if (NOT_PLAIN.test(value)) throw new Error(`${value} was not given to aws ${command}`);
  const { secrets } = asked;
  if (secrets.withoutCredentials !== undefined) throw secrets.withoutCredentials;
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const result = await runAwsCli(
    asked,
    [...command.split(" "), ...flags, "--output", "json"],
    (name) => !RECEIVER_VARIABLES.test(name),
  );
  const answer = result.exitCode === 0 ? jsonRecord(result.stdout) : undefined;
  if (answer !== undefined) return answer;
  if (isUnknownCommand(result)) throw new Error(`the AWS CLI here has no command aws ${command}`);
  const { code, message } = SERVICE_ERROR.exec(result.stderr)?.groups ?? {};
  if (code !== undefined && message !== undefined) throw new ServiceError(code, message.trim());
  const reason = reasonOfCli(result, `aws ${command}`);
  if (NOT_REACHED.test(reason)) throw new Error(reason);
  const unsigned = new Unsigned(reason);
  if (NONE_TO_SIGN_WITH.test(reason)) secrets.withoutCredentials = unsigned;
  throw unsigned;
}

/** Why AWS was not asked at all. */
export function noCredentials(reason: unknown): Error {
  return new Error(`no AWS credentials to ask with: ${reasonOf(reason)}`);
}
