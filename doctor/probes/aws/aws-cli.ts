import { reasonOf } from "../../../token/errors/errors.ts";
import { jsonRecord } from "../../../token/vouch/json-record.ts";
import type { CalledContext } from "../called-context.ts";
import { findProgram, searchIn } from "../local/find-program.ts";
import type { Asking } from "../probe.ts";
import type { RunResult } from "../probe-host.ts";

/** What is needed to run the AWS CLI as the plugin of a context would. */
export interface CliAsking extends Pick<Asking, "host" | "secrets" | "signal"> {
  readonly call: CalledContext;
}

/** The AWS CLI on this machine is too old to export the credentials that it finds. It can still make calls with them. */
export class KeepsCredentials extends Error {
  constructor() {
    super("the AWS CLI here has no `aws configure export-credentials`");
  }
}

/**
 * Variables of an exec block that determine whose keys are used and where they are. Without PATH: which `aws` is run is our
 * choice.
 */
const CREDENTIAL_VARIABLES = /^(?:AWS_.*|HOME|USERPROFILE)$/i;

/** A kubeconfig must not choose who receives what the doctor sends. Its proxies are left out, too. */
const RECEIVER_VARIABLES = /^AWS_(?:ENDPOINT_URL|IGNORE_CONFIGURED_ENDPOINT_URLS|CA_BUNDLE|USE_)/i;

/** Lead to other files, both of which can name addresses. */
const OTHER_FILES = /^(?:AWS_CONFIG_FILE|AWS_SHARED_CREDENTIALS_FILE|HOME|USERPROFILE)$/i;

/**
 * Runs the AWS CLI with the profile and the keys that the plugin of a context would use; only if kubectl would run the context's
 * plugin, and `aws`, too. Never uses instance metadata.
 */
export async function runAwsCli(
  { call: { command, exec }, host, signal }: CliAsking,
  args: readonly string[],
): Promise<RunResult> {
  if (findProgram("aws", searchIn(host)) === undefined)
    throw new Error("there are no AWS keys here, and no AWS CLI that could give some");
  const profile = exec?.profile === undefined ? [] : ["--profile", exec.profile];
  const chosen = Object.entries(exec?.env ?? {}).filter(
    ([name]) => CREDENTIAL_VARIABLES.test(name) && !RECEIVER_VARIABLES.test(name),
  );
  const hasOtherFiles = chosen.some(([name]) => OTHER_FILES.test(name));
  return host.run(
    { plugin: "aws", args: [...args, ...profile], instead: command },
    {
      env: {
        ...host.env,
        ...Object.fromEntries(chosen),
        ...host.dropped,
        AWS_EC2_METADATA_DISABLED: "true",
        ...(hasOtherFiles ? { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" } : {}),
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

/** The reason that it gives: the last line of its error. */
export function reasonOfCli({ exitCode, stderr }: RunResult, command: string): string {
  return stderr.trim().split("\n").at(-1) || `${command} ended with ${exitCode}`;
}

/** The call was not made: the CLI found no credentials, or none that it could sign with. */
export class Unsigned extends Error {}

/** An error of an AWS service, with AWS's own code as its name, as the SDK would throw it. */
class ServiceError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Source: botocore, exceptions.py (ClientError). */
const SERVICE_ERROR =
  /An error occurred \((?<code>[\w.]+)\) when calling the \w+ operation(?: \([^)]*\))?: (?<message>.*)/s;

/** The call did not reach AWS, whatever the credentials. Source: botocore, exceptions.py (HTTPClientError). */
const NOT_REACHED =
  /Could not connect to the endpoint URL|Connect timeout|Read timeout|SSL validation failed|Connection was closed|Failed to connect to proxy/;

/** Its messages for credentials that are missing or cannot be obtained, which are the same for every call. */
const NONE_TO_SIGN_WITH = /credentials|profile|session|token/i;

/** Values that the CLI would read as another flag, or as a file or web address from which to load the value. */
const NOT_PLAIN = /^-|:\/\//;

/** One answer of AWS through the CLI: `askCli(asked, "eks list-clusters", { region: "eu-west-1" })`. */
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
  const result = await runAwsCli(asked, [...command.split(" "), ...flags, "--output", "json"]);
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

/** Why AWS was not called at all. */
export function noCredentials(reason: unknown): Error {
  return new Error(`no AWS credentials to ask with: ${reasonOf(reason)}`);
}
