import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-profiles.ts";
import { sts } from "../../../token/aws/sts.ts";
import { envValue } from "../../../token/env.ts";
import { DOCTOR_AWS_LIMITS } from "../../../token/net/limits.ts";
import { jsonRecord, recordMember } from "../../../token/vouch/json-record.ts";
import { credentialSource } from "../../derive/identity/aws-environment.ts";
import { awsProfiles, type MergedProfile } from "../../derive/identity/aws-profile-chain.ts";
import type { DoctorEvidence } from "../../evidence/evidence.ts";
import type { CalledContext } from "../called-context.ts";
import type { Asking } from "../probe.ts";
import { askCli, isUnknownCommand, KeepsCredentials, reasonOfCli, runAwsCli } from "./aws-cli.ts";
import { endpointsOf } from "./endpoints-of.ts";

/** How long we say that foreign credentials live, in milliseconds: longer than a doctor needs; AWS knows better. */
const HOUR_MS = 3_600_000;

/**
 * Plugins that assume the role of their arguments with the credentials they find.
 * Source: doctor/AWS-CREDENTIALS.md, "AWS CLI".
 */
const ASSUMING_TOOLS = ["aws", "aws-iam-authenticator"];

/** Credentials of unknown end; keys of an IAM user have an empty session token. */
type Keys = Omit<AwsCredentials, "expires">;

export interface Asked extends Asking {
  readonly call: CalledContext;
}

/** The same, with new credentials: AWS refused those that were in the cache, as after a role was recreated. */
export function renewedCredentials(asked: Asked): Promise<AwsCredentials> {
  if (!asked.call.isOurs) return Promise.reject(new Error("credentials of other tools are not renewed"));
  asked.secrets.renewed ??= vouchCredentials(asked, { fresh: true });
  asked.secrets.renewed.catch(() => undefined);
  return asked.secrets.renewed;
}

/**
 * The AWS credentials of the caller, to read EKS and IAM with. For a context of ours from Vouch; for other tools the very
 * ones their plugin uses: keys of its environment or profile, else what the AWS CLI exports for it. Never from instance
 * metadata, never with a question to the person. Asked for once. Rejects with `KeepsCredentials` where they stay in the CLI.
 *
 * Deliberately absent: the SDK's own default chain, which reads this process's environment instead of the plugin's.
 */
export function callerCredentials(asked: Asked): Promise<AwsCredentials> {
  const { secrets } = asked;
  secrets.credentials ??= asked.call.isOurs
    ? vouchCredentials(asked, { fresh: false })
    : pluginCredentials(asked);
  secrets.credentials.catch(() => undefined);
  return secrets.credentials;
}

async function vouchCredentials(
  { call: { exec, account }, host }: Asked,
  { fresh }: { readonly fresh: boolean },
): Promise<AwsCredentials> {
  const { role, region, server, via = [] } = exec ?? {};
  if (role === undefined || region === undefined)
    throw new Error("the entry of the context names no role or no region");
  return host.vouch.credentials({ server, role, via, region, account, fresh });
}

async function pluginCredentials(asked: Asked): Promise<AwsCredentials> {
  const { call, host } = asked;
  const { role: named, tool = "other" } = call.exec ?? {};
  const region = call.target.region ?? call.exec?.region;
  const role = region !== undefined && ASSUMING_TOOLS.includes(tool) ? named : undefined;
  const sessionName = `doctor-${Math.floor(host.clock() / 1000)}`;
  const expires = host.clock() + HOUR_MS;
  const found = environmentKeys(asked) ?? profileKeys(asked) ?? (await exportedKeys(asked));
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

/**
 * `--profile` alone takes the environment's keys out of the chain.
 * Source: doctor/AWS-CREDENTIALS.md, "Credential chain".
 */
function environmentKeys({ call: { env, exec } }: Asked): Keys | undefined {
  if (exec?.profile !== undefined) return undefined;
  return keys({
    id: envValue(env, "AWS_ACCESS_KEY_ID"),
    secret: envValue(env, "AWS_SECRET_ACCESS_KEY"),
    session: envValue(env, "AWS_SESSION_TOKEN"),
  });
}

/** Keys that stand in the profile in force. */
function profileKeys(asked: Asked): Keys | undefined {
  const { call, evidence } = asked;
  const source = credentialSource({ evidence, exec: call.exec });
  const name = source?.profile?.name ?? call.exec?.profile ?? envValue(call.env, "AWS_PROFILE") ?? "default";
  if (source !== undefined && !["credentials-file", "config-file"].includes(source.kind)) return undefined;
  const settings = rawProfile(name, asked)?.settings;
  return keys({
    id: settings?.["aws_access_key_id"],
    secret: settings?.["aws_secret_access_key"],
    session: settings?.["aws_session_token"],
  });
}

function rawProfile(name: string, { call: { env }, host }: Asked): MergedProfile | undefined {
  const read = (path: string) => ({ path, text: host.readText(path) ?? "" });
  const raw: DoctorEvidence = {
    apiVersion: "vouch.kubectl/v1",
    kind: "DoctorEvidence",
    awsConfig: read(awsConfigPath(env, host.homeDir)),
    awsCredentials: read(awsCredentialsPath(env, host.homeDir)),
  };
  return awsProfiles(raw).byName.get(name);
}

function keys({
  id,
  secret,
  session = "",
}: {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  readonly session: string | undefined;
}): Keys | undefined {
  if (id === undefined || secret === undefined) return undefined;
  return { accessKeyId: id, secretAccessKey: secret, sessionToken: session };
}

/**
 * `aws configure export-credentials` resolves Identity Center, processes and chains as `aws eks get-token` does. Undefined
 * where the CLI is too old to have it.
 */
async function exportedKeys(asked: Asked): Promise<Keys | undefined> {
  const result = await runAwsCli(asked, ["configure", "export-credentials", "--format", "process"]);
  const exported = result.exitCode === 0 ? readExported(result.stdout) : undefined;
  if (exported !== undefined) return exported;
  if (isUnknownCommand(result)) return undefined;
  throw new Error(reasonOfCli(result, "aws configure export-credentials"));
}

/** What a CLI that keeps its credentials is given for a role that it assumes with them. */
async function assumedByCli(
  asked: Asked,
  given: { readonly role: string; readonly region: string; readonly sessionName: string },
): Promise<Keys> {
  const { role, region, sessionName } = given;
  const options = { "role-arn": role, "role-session-name": sessionName, region };
  const answer = await askCli(asked, "sts assume-role", options);
  const found = readKeys(recordMember(answer, "Credentials"));
  if (found === undefined) throw new Error("aws sts assume-role answered without credentials");
  return found;
}

/** Source: AWS CLI, credential_process format. */
function readExported(stdout: string): Keys | undefined {
  return readKeys(jsonRecord(stdout));
}

function readKeys(fields: Readonly<Record<string, unknown>> = {}): Keys | undefined {
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: session } = fields;
  const text = (field: unknown) => (typeof field === "string" ? field : undefined);
  return keys({ id: text(id), secret: text(secret), session: text(session) });
}
