import { isRegion } from "../../endpoints/aws-endpoint.ts";
import { type Env, envValue } from "../../env.ts";
import { readVouchProcess } from "../vouch-process.ts";
import { loginTokenFile, ssoTokenFile } from "./cache-names.ts";
import { identitySetting, invalidProfile, invalidVariables, originOf } from "./plan-errors.ts";
import type {
  CredentialsPlan,
  KeysPlan,
  LoginPlan,
  PlanOrigin,
  ProcessPlan,
  SsoPlan,
  WebIdentityPlan,
} from "./plan-kinds.ts";
import type { SharedFiles, SharedProfile, SharedSetting } from "./shared-files.ts";

/** The question, with everything that the answer may depend on. */
export interface PlanContext {
  readonly files: SharedFiles;
  readonly env: Env;
  /** Region of the cluster. */
  readonly region: string;
}

/**
 * Session name for a profile that has none, if no person can be named. It is fixed, as it becomes part of the username in
 * Kubernetes.
 */
export const SESSION_NAME = "kubectl-vouch";

/**
 * What a profile gives without assuming a role, in the order of the AWS CLI; undefined if it gives nothing. `variables` may
 * complete a web identity.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Order inside a profile".
 */
export function profilePlan(
  profile: SharedProfile,
  { files, region }: PlanContext,
  variables: Env,
): CredentialsPlan | undefined {
  return (
    webIdentityPlan(profile, variables, region) ??
    ssoPlan(profile, files) ??
    keysPlan(profile, "credentials") ??
    loginPlan(profile, region) ??
    processPlan(profile, region) ??
    keysPlan(profile, "config")
  );
}

/** Each variable overrides its setting. */
function webIdentityPlan(profile: SharedProfile, env: Env, region: string): WebIdentityPlan | undefined {
  const either = (variable: string, key: string): Said | undefined => {
    const value = envValue(env, variable);
    if (value !== undefined) return { value, origin: { variable } };
    const setting = identitySetting(profile, key);
    return setting && { value: setting.value, origin: originOf(profile, setting) };
  };
  const token = either("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
  if (token === undefined) return undefined;
  const role = either("AWS_ROLE_ARN", "role_arn");
  if (role === undefined) throw withoutRole(profile, token);
  return {
    kind: "web-identity",
    tokenFile: token.value,
    roleArn: role.value,
    sessionName: either("AWS_ROLE_SESSION_NAME", "role_session_name")?.value ?? SESSION_NAME,
    region,
    origin: token.origin,
  };
}

interface Said {
  readonly value: string;
  readonly origin: PlanOrigin;
}

function withoutRole(profile: SharedProfile, { origin }: Said) {
  if ("variable" in origin)
    return invalidVariables([origin.variable], `${origin.variable} is set, but AWS_ROLE_ARN is not`);
  const setting = profile.settings.get("web_identity_token_file");
  return invalidProfile(profile, setting, "it sets web_identity_token_file without role_arn");
}

/** Keys of one file: an id from one file and a secret from the other are no pair. */
function keysPlan(profile: SharedProfile, from: "credentials" | "config"): KeysPlan | undefined {
  const own = { ...profile, settings: profile[from] };
  const id = identitySetting(own, "aws_access_key_id");
  if (id === undefined) return undefined;
  const secret = identitySetting(own, "aws_secret_access_key");
  if (secret === undefined)
    throw invalidProfile(
      profile,
      id,
      `it sets aws_access_key_id, but not aws_secret_access_key in ${id.file}`,
    );
  const optional = (key: string) => own.settings.get(key)?.value || undefined;
  return {
    kind: "keys",
    from,
    accessKeyId: id.value,
    secretAccessKey: secret.value,
    sessionToken: optional("aws_security_token") ?? optional("aws_session_token"),
    expires: optional("x_security_token_expires"),
    origin: originOf(profile, id),
  };
}

function loginPlan(profile: SharedProfile, region: string): LoginPlan | undefined {
  const session = identitySetting(profile, "login_session");
  return (
    session && {
      kind: "login",
      session: session.value,
      tokenFile: loginTokenFile(session.value),
      region: profile.settings.get("region")?.value || region,
      origin: originOf(profile, session),
    }
  );
}

function processPlan(profile: SharedProfile, region: string): ProcessPlan | undefined {
  const process = identitySetting(profile, "credential_process");
  if (process === undefined) return undefined;
  if (/^["']?~/.test(process.value))
    throw invalidProfile(profile, process, "credential_process begins with ~, but no shell expands it here");
  return {
    kind: "process",
    line: process.value,
    vouch: readVouchProcess(process.value),
    region,
    origin: originOf(profile, process),
  };
}

const REQUIRED = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"] as const;

type Required = (typeof REQUIRED)[number];

/**
 * A profile belongs to Identity Center by its account or its role, not by `sso_session` alone. Throws `profile-invalid` if the
 * rest is missing, or is set twice with different values.
 *
 * Source: doctor/AWS-CREDENTIALS.md, "Order inside a profile".
 */
function ssoPlan(profile: SharedProfile, files: SharedFiles): SsoPlan | undefined {
  const first = identitySetting(profile, "sso_account_id") ?? identitySetting(profile, "sso_role_name");
  if (first === undefined) return undefined;
  const session = identitySetting(profile, "sso_session");
  const resolved =
    session === undefined
      ? profile
      : { ...profile, settings: new Map([...profile.settings, ...sessionSettings(profile, session, files)]) };
  const missing: Required[] = [];
  const required = (key: Required): string => {
    const value = identitySetting(resolved, key)?.value;
    if (value === undefined) missing.push(key);
    return value ?? "";
  };
  const [role, account, startUrl, region] = [
    required("sso_role_name"),
    required("sso_account_id"),
    required("sso_start_url"),
    required("sso_region"),
  ];
  if (missing.length > 0)
    throw invalidProfile(profile, first, `settings missing for Identity Center: ${missing.join(", ")}`);
  if (!isRegion(region))
    throw invalidProfile(
      profile,
      identitySetting(resolved, "sso_region"),
      `sso_region is ${JSON.stringify(region)}, which is not an AWS region`,
    );
  return {
    kind: "sso",
    session: session?.value,
    startUrl,
    region,
    account,
    role,
    tokenFile: ssoTokenFile(session?.value ?? startUrl),
    origin: originOf(profile, first),
  };
}

function sessionSettings(profile: SharedProfile, session: SharedSetting, { ssoSessions }: SharedFiles) {
  const section = ssoSessions.get(session.value);
  if (section === undefined)
    throw invalidProfile(profile, session, `[sso-session ${session.value}] not found`);
  if (section.ambiguity !== undefined) throw invalidProfile(profile, session, section.ambiguity);
  for (const [key, { value, line }] of section.settings) {
    const own = profile.settings.get(key);
    if (own === undefined || own.value === value) continue;
    // Only these settings are known to be no secrets.
    const [here, there] = key.startsWith("sso_") ? [own.value, value] : ["set here", "set differently"];
    const why = `${key} is ${here}, but ${there} in [sso-session ${section.name}] (line ${line})`;
    throw invalidProfile(profile, own, why);
  }
  return section.settings;
}
