import type { AwsCredentials } from "../../../token/aws/aws-credentials.ts";
import { awsConfigPath, awsCredentialsPath } from "../../../token/aws/aws-profiles.ts";
import { sts } from "../../../token/aws/sts.ts";
import { envValue } from "../../../token/env.ts";
import { DOCTOR_AWS_LIMITS } from "../../../token/net/limits.ts";
import { jsonRecord } from "../../../token/vouch/json-record.ts";
import { credentialSource } from "../../derive/identity/aws-environment.ts";
import { awsProfiles, type MergedProfile } from "../../derive/identity/aws-profile-chain.ts";
import type { DoctorEvidence } from "../../evidence/evidence.ts";
import type { CalledContext } from "../called-context.ts";
import { findProgram, searchIn } from "../local/find-program.ts";
import type { Asking } from "../probe.ts";
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
 * metadata, never with a question to the person. Asked for once.
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
  const { role, tool = "other" } = call.exec ?? {};
  const found = environmentKeys(asked) ?? profileKeys(asked) ?? (await exportedKeys(asked));
  const base = { ...found, expires: host.clock() + HOUR_MS };
  const region = call.target.region ?? call.exec?.region;
  if (role === undefined || region === undefined || !ASSUMING_TOOLS.includes(tool)) return base;
  const limits = { ...DOCTOR_AWS_LIMITS, attempts: 1 };
  const sessionName = `doctor-${Math.floor(host.clock() / 1000)}`;
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

/** Variables of an exec block that say whose keys are meant and where they lie. No PATH: `aws` is ours to choose. */
const CREDENTIAL_VARIABLES = /^(?:AWS_.*|HOME|USERPROFILE|(?:https?|no|all)_proxy)$/i;

/**
 * `aws configure export-credentials` resolves Identity Center, processes and chains as `aws eks get-token` does. It is run
 * only where kubectl would run the context's plugin, and `aws`, too.
 */
async function exportedKeys({ call: { command, exec }, host, signal }: Asked): Promise<Keys> {
  if (findProgram("aws", searchIn(host)) === undefined)
    throw new Error("there are no AWS keys here, and no AWS CLI that could give some");
  const profile = exec?.profile === undefined ? [] : ["--profile", exec.profile];
  const chosen = Object.entries(exec?.env ?? {}).filter(([name]) => CREDENTIAL_VARIABLES.test(name));
  const { exitCode, stdout, stderr } = await host.run(
    {
      plugin: "aws",
      args: ["configure", "export-credentials", "--format", "process", ...profile],
      instead: command,
    },
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
  const exported = exitCode === 0 ? readExported(stdout) : undefined;
  if (exported !== undefined) return exported;
  throw new Error(
    stderr.trim().split("\n").at(-1) || `aws configure export-credentials ended with ${exitCode}`,
  );
}

/** Source: AWS CLI, credential_process format. */
function readExported(stdout: string): Keys | undefined {
  const { AccessKeyId: id, SecretAccessKey: secret, SessionToken: session } = jsonRecord(stdout) ?? {};
  const text = (field: unknown) => (typeof field === "string" ? field : undefined);
  return keys({ id: text(id), secret: text(secret), session: text(session) });
}
