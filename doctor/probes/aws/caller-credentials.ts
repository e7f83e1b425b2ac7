import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-paths.ts";
import { sts } from "../../../token/aws/sts.ts";
import type { Env } from "../../../token/env.ts";
import { DOCTOR_AWS_LIMITS } from "../../../token/net/limits.ts";
import { jsonRecord, recordMember } from "../../../token/record.ts";
import { cliSource, credentialSource } from "../../derive/identity/credential-source.ts";
import type { DoctorEvidence } from "../../evidence/evidence.ts";
import { type CalledContext, endpointsOf } from "../called-context.ts";
import type { Asking } from "../probe.ts";
import { askCli, isUnknownCommand, KeepsCredentials, reasonOfCli, runAwsCli } from "./aws-cli.ts";

/**
 * The lifetime that we assume for credentials of other tools, in milliseconds: longer than the doctor needs; AWS checks the real
 * one.
 */
const HOUR_MS = 3_600_000;

/**
 * Plugins that assume the role in their arguments with the credentials that they find. Source: doctor/AWS-CREDENTIALS.md, "AWS
 * CLI".
 */
const ASSUMING_TOOLS = ["aws", "aws-iam-authenticator"];

/** Credentials with an unknown expiry. */
type Keys = Omit<AwsCredentials, "expires">;

export interface Asked extends Asking {
  readonly call: CalledContext;
}

/** New credentials of the caller, because AWS refused the cached ones, as it does after a role was recreated. */
export function renewedCredentials(asked: Asked): Promise<AwsCredentials> {
  if (!asked.call.isOurs) return Promise.reject(new Error("other tools' credentials are not renewed"));
  asked.secrets.renewed ??= ownCredentials(asked, { fresh: true });
  asked.secrets.renewed.catch(() => undefined);
  return asked.secrets.renewed;
}

/**
 * The AWS credentials of the caller, to read EKS and IAM with. For a context of ours they are those that our plugin gets; for
 * other tools exactly those that their plugin uses: keys in its environment or profile, otherwise what the AWS CLI exports for it.
 * Instance metadata is only used if a context of ours has a profile that names it; the user is never prompted. Requested once.
 * Rejects with `KeepsCredentials` if the CLI does not export them.
 *
 * Deliberately absent: the SDK's own default chain, which reads this process's environment instead of the plugin's.
 */
export function callerCredentials(asked: Asked): Promise<AwsCredentials> {
  const { secrets } = asked;
  secrets.credentials ??= asked.call.isOurs
    ? ownCredentials(asked, { fresh: false })
    : pluginCredentials(asked);
  secrets.credentials.catch(() => undefined);
  return secrets.credentials;
}

async function ownCredentials(
  { call: { exec, account, env, isVouch }, host, signal }: Asked,
  { fresh }: { readonly fresh: boolean },
): Promise<AwsCredentials> {
  const { role, region, server, profile, via = [], sessionName } = exec ?? {};
  if (!isVouch && region !== undefined)
    return host.sources.credentials({ profile, role, via, sessionName, region, env, fresh, signal });
  if (role === undefined || region === undefined)
    throw new Error("the context's entry does not specify both a role and a region");
  return host.vouch.credentials({ server, role, via, region, account, fresh, signal });
}

async function pluginCredentials(asked: Asked): Promise<AwsCredentials> {
  const { call, host } = asked;
  const { role: named, tool = "other" } = call.exec ?? {};
  const region = call.target.region ?? call.exec?.region;
  const role = region !== undefined && ASSUMING_TOOLS.includes(tool) ? named : undefined;
  const sessionName = `doctor-${Math.floor(host.clock() / 1000)}`;
  const expires = host.clock() + HOUR_MS;
  const found = keysAtHand(asked) ?? (await exportedKeys(asked));
  if (found === undefined) {
    if (role === undefined || region === undefined) throw new KeepsCredentials();
    return { ...(await assumedByCli(asked, { role, region, sessionName })), expires };
  }
  const base = { ...found, expires };
  if (role === undefined || region === undefined) return base;
  const limits = { ...DOCTOR_AWS_LIMITS, attempts: 1 };
  const endpoints = await endpointsOf(call, host);
  return sts(region, { env: call.env, endpoints, limits }).assumeRole({
    roleArn: role,
    sessionName,
    by: base,
  });
}

/** Keys in the environment or the profile in force, in the order of the plugin; for an unknown one in that of the AWS CLI. */
function keysAtHand({ call: { env, exec }, evidence, host }: Asked): Keys | undefined {
  const read = (path: string) => ({ path, text: host.readText(path) ?? "" });
  const withSecrets: DoctorEvidence = {
    ...evidence,
    environment: definedIn(host.env),
    awsConfig: read(awsConfigPath(env, host.homeDir)),
    awsCredentials: read(awsCredentialsPath(env, host.homeDir)),
  };
  const facts = { evidence: withSecrets, exec };
  const { plan } = credentialSource(facts) ?? cliSource(facts);
  if (plan?.kind !== "keys" || plan.accessKeyId === undefined || plan.secretAccessKey === undefined)
    return undefined;
  const { accessKeyId, secretAccessKey, sessionToken } = plan;
  return { accessKeyId, secretAccessKey, sessionToken };
}

function definedIn(env: Env): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/**
 * `aws configure export-credentials` resolves Identity Center, processes and chains as `aws eks get-token` does. Undefined if the
 * CLI is too old to have this command.
 */
async function exportedKeys(asked: Asked): Promise<Keys | undefined> {
  const result = await runAwsCli(asked, ["configure", "export-credentials", "--format", "process"]);
  const exported = result.exitCode === 0 ? readKeys(jsonRecord(result.stdout)) : undefined;
  if (exported !== undefined) return exported;
  if (isUnknownCommand(result)) return undefined;
  throw new Error(reasonOfCli(result, "aws configure export-credentials"));
}

/** The credentials of a role, assumed by a CLI that does not export its own. */
async function assumedByCli(
  asked: Asked,
  {
    role,
    region,
    sessionName,
  }: { readonly role: string; readonly region: string; readonly sessionName: string },
): Promise<Keys> {
  const options = { "role-arn": role, "role-session-name": sessionName, region };
  const answer = await askCli(asked, "sts assume-role", options);
  const found = readKeys(recordMember(answer, "Credentials"));
  if (found === undefined) throw new Error("aws sts assume-role did not return credentials");
  return found;
}

/** Source: AWS CLI, credential_process format. */
function readKeys(fields: Readonly<Record<string, unknown>> = {}): Keys | undefined {
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: session } = fields;
  if (typeof id !== "string" || typeof secret !== "string") return undefined;
  const sessionToken = typeof session === "string" ? session : undefined;
  return { accessKeyId: id, secretAccessKey: secret, sessionToken };
}
