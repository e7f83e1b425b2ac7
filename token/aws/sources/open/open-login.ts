import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { VouchError } from "../../../errors/errors.ts";
import { dpopProof } from "../../../net/dpop-proof.ts";
import type { HttpAnswer } from "../../../net/http-client.ts";
import { type JsonRecord, jsonRecord, recordMember, textMember } from "../../../record.ts";
import { timestamp } from "../../../text/time.ts";
import { credentialMember, isWritableTime } from "../../aws-credentials.ts";
import { callService, refusalOf, serviceError, serviceUrl, strangeAnswer } from "../../bearer-call.ts";
import { livingToken, type Refreshed, type TokenPlace } from "../../token-file.ts";
import { digestOf, type OpenPlan, type PlanAccess } from "../opened-source.ts";
import type { LoginPlan } from "../plan-kinds.ts";
import { type LoginToken, logInHint, loginFilePath, loginNeeded, readLoginToken } from "./login-file.ts";

/**
 * Keys with less time left than this are replaced, in milliseconds, as the AWS CLI and the SDKs do. Source:
 * doctor/AWS-CREDENTIALS.md, "Logins".
 */
const REFRESH_BELOW_MS = 5 * 60 * 1000;

/**
 * The result of `aws login`: keys that last a quarter of an hour, and that anyone with the file can renew for twelve hours.
 * Throws `aws-login-needed` if these are over, or no user logged in; only `aws login` itself can log in.
 */
export async function openLogin(plan: LoginPlan, access: PlanAccess): Promise<OpenPlan> {
  const { token, witness } = await livingToken(loginPlace(plan, access), REFRESH_BELOW_MS, access);
  const { keys } = token;
  return {
    digest: digestOf("login", plan.session, keys.accessKeyId),
    witnesses: witness && [witness],
    credentials: async () => ({ ...keys, arn: plan.session }),
  };
}

function loginPlace(plan: LoginPlan, access: PlanAccess): TokenPlace<LoginToken> {
  return {
    file: loginFilePath(plan, access),
    name: `the login as ${plan.session}`,
    hint: logInHint(plan),
    read: readLoginToken,
    loggedOut: (why) => loginNeeded(plan, why),
    ended: () => loginNeeded(plan, "its keys have expired"),
    notRefreshed: () =>
      loginNeeded(
        plan,
        "its keys have expired and were not renewed, because this command does not change files",
      ),
    refresh: (token) => (signal) => refreshLogin(plan, token, { ...access, signal }),
  };
}

const ACTION = "signin:CreateOAuth2Token";

/** Gets new keys for a login, with one call: a refresh token that AWS has seen is used up. */
async function refreshLogin(plan: LoginPlan, token: LoginToken, access: PlanAccess): Promise<Refreshed> {
  const answer = await askForKeys(plan, token, access);
  if (answer.status !== 200) return { usedUp: usedUp(plan, answer) };
  const given = givenMembers(token, answer);
  if (given === undefined) throw strangeAnswer(ACTION, "without keys and their expiration");
  return { given };
}

async function askForKeys(plan: LoginPlan, token: LoginToken, access: PlanAccess): Promise<HttpAnswer> {
  const place = { service: "signin", region: token.region ?? plan.region, path: "/v1/token" } as const;
  const url = serviceUrl(place, access);
  const privateKey = keyOf(plan, token);
  const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const publicJwk = { kty: "EC", crv: "P-256", x, y } as const;
  const key = { privateKey, publicJwk };
  const dpop = await dpopProof({ key, method: "POST", url, nowMs: access.clock(), jti: randomUUID() });
  const { clientId, refreshToken } = token;
  const body = { clientId, grantType: "refresh_token", refreshToken };
  return callService({ ...place, headers: { dpop }, body, repeats: false }, access);
}

function keyOf(plan: LoginPlan, { dpopKey }: LoginToken): KeyObject {
  try {
    const key = createPrivateKey(dpopKey);
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return key;
  } catch {
    // The parser's message may contain the key.
  }
  throw loginNeeded(plan, "the key in its file is unreadable");
}

/** The members of the file that change. Undefined: AWS's answer lacks them. */
function givenMembers({ members }: LoginToken, { body, receivedAt }: HttpAnswer): JsonRecord | undefined {
  const answer = jsonRecord(body);
  const keys = recordMember(answer, "accessToken");
  const refreshToken = textMember(answer, "refreshToken");
  const seconds = answer?.["expiresIn"];
  const [accessKeyId, secretAccessKey, sessionToken] = ["accessKeyId", "secretAccessKey", "sessionToken"].map(
    (name) => credentialMember(keys, name),
  );
  if (!(accessKeyId && secretAccessKey && sessionToken && refreshToken)) return undefined;
  const expires = receivedAt + (typeof seconds === "number" && seconds > 0 ? seconds * 1000 : Number.NaN);
  if (!isWritableTime(expires)) return undefined;
  const before = recordMember(members, "accessToken");
  const expiresAt = timestamp(expires);
  return {
    accessToken: { ...before, accessKeyId, secretAccessKey, sessionToken, expiresAt },
    refreshToken,
  };
}

/** The refusal of a refresh token that has already been used. Throws the error for any other refusal. */
function usedUp(plan: LoginPlan, answer: HttpAnswer): VouchError {
  const error = textMember(jsonRecord(answer.body), "error");
  const { words } = refusalOf(answer);
  if (error === "INSUFFICIENT_PERMISSIONS")
    throw new VouchError("aws-denied", `AWS denied ${ACTION} for ${plan.session}: ${words}.`);
  const needed = loginNeeded(plan, `AWS returned: ${words}`);
  if (error === "TOKEN_EXPIRED" || error === "USER_CREDENTIALS_CHANGED") throw needed;
  if (answer.status !== 400) throw serviceError(answer, ACTION);
  return needed;
}
