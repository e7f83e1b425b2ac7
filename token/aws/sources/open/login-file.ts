import path from "node:path";
import { run } from "../../../command/command.ts";
import { withCommands } from "../../../command/sentence.ts";
import { envValue } from "../../../env.ts";
import { VouchError } from "../../../errors/errors.ts";
import type { Witness } from "../../../hot/cached-token.ts";
import { type JsonRecord, recordMember, textMember } from "../../../vouch/json-record.ts";
import type { TemporaryCredentials } from "../../aws-credentials.ts";
import { readExpiration } from "../../expiration.ts";
import { readSsoFile } from "../../identity-center/sso-files.ts";
import type { SourceAccess } from "../opened-source.ts";
import { placeOfOrigin } from "../plan-errors.ts";
import type { LoginPlan } from "../plan-kinds.ts";

/** What `aws login` left. Secret as a whole. */
export interface LoginToken {
  readonly keys: TemporaryCredentials;
  readonly clientId: string;
  readonly refreshToken: string;
  /** PEM of a key of P-256. */
  readonly dpopKey: string;
  /** Of the sign-in; undefined where the file does not tell. */
  readonly region: string | undefined;
  /** All that the file says, also what we know nothing of. */
  readonly members: JsonRecord;
}

export interface LoginFile {
  readonly path: string;
  readonly token: LoginToken;
  readonly witness: Witness | undefined;
}

/** Source: doctor/AWS-CREDENTIALS.md, "Cache files". */
export function loginFilePath(
  { tokenFile }: Pick<LoginPlan, "tokenFile">,
  { env, homeDir }: Pick<SourceAccess, "env" | "homeDir">,
): string {
  const folder = envValue(env, "AWS_LOGIN_CACHE_DIRECTORY") ?? "~/.aws/login/cache";
  return path.resolve(
    folder.replace(/^~(?=$|[\\/])/, () => homeDir),
    tokenFile,
  );
}

/** Throws `aws-login-needed` where there is no such file, or it is not whole. */
export async function readLoginFile(plan: LoginPlan, access: SourceAccess): Promise<LoginFile> {
  const file = loginFilePath(plan, access);
  const { content, witness } = await readSsoFile(file, access);
  if (content === undefined) throw loginNeeded(plan, "nobody logged in");
  if (content === "torn") throw loginNeeded(plan, `${file} is empty, or no JSON`);
  const token = readLoginToken(content);
  if (typeof token === "string") throw loginNeeded(plan, `${file} lacks ${token}`);
  return { path: file, token, witness };
}

/** The token of a file, or the name of what it lacks. */
function readLoginToken(members: JsonRecord): LoginToken | string {
  const given = recordMember(members, "accessToken");
  const texts = {
    accessKeyId: textMember(given, "accessKeyId"),
    secretAccessKey: textMember(given, "secretAccessKey"),
    sessionToken: textMember(given, "sessionToken"),
    clientId: textMember(members, "clientId"),
    refreshToken: textMember(members, "refreshToken"),
    dpopKey: textMember(members, "dpopKey"),
  };
  const { accessKeyId, secretAccessKey, sessionToken, clientId, refreshToken, dpopKey } = texts;
  const expires = readExpiration(textMember(given, "expiresAt") ?? "");
  if (expires === undefined) return "a date expiresAt";
  if (!(accessKeyId && secretAccessKey && sessionToken && clientId && refreshToken && dpopKey))
    return Object.entries(texts).find(([, text]) => text === undefined)?.[0] ?? "something";
  const keys = { accessKeyId, secretAccessKey, sessionToken, expires };
  return { keys, clientId, refreshToken, dpopKey, region: textMember(members, "signInRegion"), members };
}

/** Nobody is logged in by `aws login`, or no more; `why` is a sentence without its end. */
export function loginNeeded({ session, origin }: LoginPlan, why: string, cause?: unknown): VouchError {
  const profile = "profile" in origin ? origin.profile : "NAME";
  return new VouchError("aws-login-needed", `${placeOfOrigin(origin)}: no login of ${session}: ${why}.`, {
    cause,
    hint: withCommands`Log in: ${run("aws", "login", { profile })}`,
  });
}
