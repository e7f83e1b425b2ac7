import path from "node:path";
import { reasonOf } from "../../../token/errors/errors.ts";
import { jsonRecord } from "../../../token/record.ts";
import type { CallerIdentity } from "../../evidence/evidence.ts";
import type { CalledContext } from "../called-context.ts";
import { findProgram, searchIn } from "../local/find-program.ts";
import type { Asking } from "../probe.ts";
import type { RunResult } from "../probe-host.ts";
import type { AwsCalls } from "./aws-calls.ts";

/** What is needed to run the AWS CLI as the plugin of a context would. */
interface CliAsking extends Pick<Asking, "host" | "secrets" | "signal"> {
  readonly call: CalledContext;
}

/** The AWS CLI on this machine is too old to export the credentials that it finds. It can still make calls with them. */
export class KeepsCredentials extends Error {
  constructor() {
    super("this AWS CLI does not support `aws configure export-credentials`");
  }
}

/**
 * Variables of an exec block that say whose keys are used and where they are. No other of AWS's: a kubeconfig must not choose who
 * receives what the doctor sends. Nor PATH: which `aws` is run is our choice.
 */
const CREDENTIAL_VARIABLES =
  /^AWS_(?:(?:DEFAULT_)?(?:PROFILE|REGION)|CONFIG_FILE|SHARED_CREDENTIALS_FILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|(?:SESSION|SECURITY)_TOKEN|CREDENTIAL_EXPIRATION|WEB_IDENTITY_TOKEN_FILE|ROLE_ARN|ROLE_SESSION_NAME|LOGIN_CACHE_DIRECTORY)$/;

/** AWS's two files, below a home other than the user's: other files there specify where AWS is. */
function filesBelow(home: string | undefined, isWindows: boolean): Readonly<Record<string, string>> {
  if (home === undefined) return {};
  const [join, folder] = [isWindows ? path.win32.join : path.posix.join, ".aws"];
  return {
    AWS_CONFIG_FILE: join(home, folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, folder, "credentials"),
  };
}

/**
 * Runs the AWS CLI with the profile and the keys that the plugin of a context would use; only if kubectl would run the context's
 * plugin, and `aws`, too. Never uses instance metadata.
 */
export async function runAwsCli(
  { call: { command, exec }, host, signal }: CliAsking,
  args: readonly string[],
): Promise<RunResult> {
  if (findProgram("aws", searchIn(host)) === undefined)
    throw new Error("no AWS keys were found here, and the AWS CLI is not on the PATH");
  const profile = exec?.profile === undefined ? [] : ["--profile", exec.profile];
  const isWindows = host.platform === "win32";
  const env = new Map(
    Object.entries(exec?.env ?? {}).map(([name, value]) => [isWindows ? name.toUpperCase() : name, value]),
  );
  const chosen = {
    ...filesBelow(env.get(isWindows ? "USERPROFILE" : "HOME"), isWindows),
    ...Object.fromEntries([...env].filter(([name]) => CREDENTIAL_VARIABLES.test(name))),
  };
  const hasOtherFiles = "AWS_CONFIG_FILE" in chosen || "AWS_SHARED_CREDENTIALS_FILE" in chosen;
  return host.run(
    { plugin: "aws", args: [...args, ...profile], instead: command },
    {
      env: {
        ...host.env,
        ...chosen,
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
  return stderr.trim().split("\n").at(-1) || `${command} exited with status ${exitCode}`;
}

/** The call was not made: the CLI found no credentials, or none that it could sign with. */
class Unsigned extends Error {}

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
    if (NOT_PLAIN.test(value)) throw new Error(`${value} was not passed to aws ${command}`);
  const { secrets } = asked;
  if (secrets.withoutCredentials !== undefined) throw secrets.withoutCredentials;
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const result = await runAwsCli(asked, [...command.split(" "), ...flags, "--output", "json"]);
  const answer = result.exitCode === 0 ? jsonRecord(result.stdout) : undefined;
  if (answer !== undefined) return answer;
  if (isUnknownCommand(result)) throw new Error(`this AWS CLI does not support aws ${command}`);
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
  return new Error(`no AWS credentials for the call: ${reasonOf(reason)}`);
}

/**
 * Calls of AWS, made by an AWS CLI that does not export its credentials. It follows the pages of a list itself. Source:
 * doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
export function cliCalls(asked: CliAsking, region: string): AwsCalls {
  const ask = async <T>(command: string, options: Readonly<Record<string, string>>): Promise<T> =>
    (await askCli(asked, command, { ...options, region }).catch(rethrowUnsigned)) as T;
  return {
    describeCluster: (name) => ask("eks describe-cluster", { name }),
    listClusters: async () => (await ask<{ clusters: string[] }>("eks list-clusters", {})).clusters,
    listAccessEntries: async (cluster) => {
      const options = { "cluster-name": cluster };
      return (await ask<{ accessEntries: string[] }>("eks list-access-entries", options)).accessEntries;
    },
    describeAccessEntry: (cluster, arn) =>
      ask("eks describe-access-entry", { "cluster-name": cluster, "principal-arn": arn }),
    listAssociatedPolicies: (cluster, arn) =>
      ask("eks list-associated-access-policies", { "cluster-name": cluster, "principal-arn": arn }),
    identityProviders: async (cluster) => {
      const options = { "cluster-name": cluster };
      const { identityProviderConfigs } = await ask<{ identityProviderConfigs: object[] }>(
        "eks list-identity-provider-configs",
        options,
      );
      return Promise.all(
        identityProviderConfigs.map((config) =>
          ask<Awaited<ReturnType<AwsCalls["identityProviders"]>>[number]>(
            "eks describe-identity-provider-config",
            { ...options, "identity-provider-config": JSON.stringify(config) },
          ),
        ),
      );
    },
    getRole: (name) => ask("iam get-role", { "role-name": name }),
    listOpenIdConnectProviders: () => ask("iam list-open-id-connect-providers", {}),
  };
}

/** Rejects with the same message as for credentials that the CLI exports. */
function rethrowUnsigned(error: unknown): never {
  throw error instanceof Unsigned ? noCredentials(error) : error;
}

/** Who AWS says the caller is, if the CLI does not export the credentials. */
export async function identityOfCli(asked: CliAsking, region: string): Promise<CallerIdentity> {
  const { UserId, Account, Arn } = await askCli(asked, "sts get-caller-identity", { region });
  if (typeof Arn !== "string") throw new Error("aws sts get-caller-identity did not return an ARN");
  return { UserId: String(UserId), Account: String(Account), Arn };
}
