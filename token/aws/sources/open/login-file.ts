import path from "node:path";
import { run } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { envValue } from "../../../env.ts";
import { VouchError } from "../../../errors/errors.ts";
import { type JsonRecord, recordMember, textMember } from "../../../record.ts";
import { credentialMember, readExpiration, type TemporaryCredentials } from "../../aws-credentials.ts";
import type { FileToken } from "../../token-file.ts";
import type { PlanAccess } from "../opened-source.ts";
import { placeOfOrigin } from "../plan-errors.ts";
import type { LoginPlan } from "../plan-kinds.ts";

/** The login file of `aws login`. Secret as a whole. */
export interface LoginToken extends FileToken {
  readonly keys: TemporaryCredentials;
  readonly clientId: string;
  readonly refreshToken: string;
  /** PEM of a key of P-256. */
  readonly dpopKey: string;
  /** Region of the sign-in; undefined if the file does not tell. */
  readonly region: string | undefined;
}

/** Source: doctor/AWS-CREDENTIALS.md, "Cache files". */
export function loginFilePath(
  { tokenFile }: Pick<LoginPlan, "tokenFile">,
  { env, homeDir }: Pick<PlanAccess, "env" | "homeDir">,
): string {
  const folder = envValue(env, "AWS_LOGIN_CACHE_DIRECTORY") ?? "~/.aws/login/cache";
  return path.resolve(
    folder.replace(/^~(?=$|[\\/])/, () => homeDir),
    tokenFile,
  );
}

/** The token of a file, or what is wrong with it. */
export function readLoginToken(members: JsonRecord): LoginToken | string {
  const given = recordMember(members, "accessToken");
  const texts = {
    accessKeyId: credentialMember(given, "accessKeyId"),
    secretAccessKey: credentialMember(given, "secretAccessKey"),
    sessionToken: credentialMember(given, "sessionToken"),
    clientId: textMember(members, "clientId"),
    refreshToken: textMember(members, "refreshToken"),
    dpopKey: textMember(members, "dpopKey"),
  };
  const { accessKeyId, secretAccessKey, sessionToken, clientId, refreshToken, dpopKey } = texts;
  const expires = readExpiration(textMember(given, "expiresAt") ?? "");
  if (expires === undefined) return "does not contain a valid expiresAt";
  if (!(accessKeyId && secretAccessKey && sessionToken && clientId && refreshToken && dpopKey))
    return `does not contain ${Object.entries(texts).find(([, text]) => text === undefined)?.[0]}`;
  const keys = { accessKeyId, secretAccessKey, sessionToken, expires };
  const region = textMember(members, "signInRegion");
  return { keys, expires, clientId, refreshToken, dpopKey, region, members };
}

/** The user is not logged in with `aws login`, or no longer; `why` is a clause without its full stop. */
export function loginNeeded(plan: LoginPlan, why?: string): VouchError {
  const rest = why === undefined ? "" : `: ${why}`;
  return new VouchError(
    "aws-login-needed",
    `${placeOfOrigin(plan.origin)}: you are not logged in as ${plan.session}${rest}.`,
    { hint: logInHint(plan) },
  );
}

export function logInHint({ origin }: Pick<LoginPlan, "origin">): string {
  const profile = "profile" in origin ? origin.profile : "NAME";
  return withCommands`Log in: ${run("aws", "login", { profile })}`;
}
