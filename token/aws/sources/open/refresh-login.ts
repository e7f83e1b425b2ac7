import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { VouchError } from "../../../errors/errors.ts";
import type { HttpAnswer } from "../../../net/http-client.ts";
import { dpopProof } from "../../../vouch/dpop-proof.ts";
import { type JsonRecord, jsonRecord, recordMember, textMember } from "../../../vouch/json-record.ts";
import {
  callService,
  refusalOf,
  serviceError,
  serviceUrl,
  strangeAnswer,
} from "../../identity-center/service-call.ts";
import { withSsoFileLocked, writeSsoFile } from "../../identity-center/sso-files.ts";
import { ssoTime } from "../../identity-center/sso-token.ts";
import type { SourceAccess } from "../opened-source.ts";
import type { LoginPlan } from "../plan-kinds.ts";
import { type LoginFile, type LoginToken, loginNeeded, readLoginFile } from "./login-file.ts";

const ACTION = "signin:CreateOAuth2Token";

/** How often the file is looked at for the keys of whoever was quicker, and how long between, in milliseconds. */
const LOOKS = 3;
const PAUSE_MS = 200;

interface Refreshing {
  readonly file: string;
  /** Keys that live longer than this are good, in milliseconds. */
  readonly belowMs: number;
}

/**
 * New keys for a login, once for all processes of ours that want them: each refresh token is good once, so the file is read
 * anew under the lock, and replaced as a whole.
 */
export function refreshLogin(
  plan: LoginPlan,
  { file, belowMs }: Refreshing,
  access: SourceAccess,
): Promise<LoginFile> {
  return withSsoFileLocked(file, access, async () => {
    const current = await readLoginFile(plan, access);
    if (current.token.keys.expires - access.clock() > belowMs) return current;
    const answer = await askForKeys(plan, current.token, access);
    if (answer.status !== 200) return quickerOne(plan, current.token, { answer, access });
    const content = refreshed(current.token, answer);
    if (content === undefined) throw strangeAnswer(ACTION, "without keys and their end");
    writeSsoFile(file, content);
    return readLoginFile(plan, access);
  });
}

/** Never twice: a refresh token that AWS has seen is used up. */
async function askForKeys(plan: LoginPlan, token: LoginToken, access: SourceAccess): Promise<HttpAnswer> {
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
    // The parser's words may hold the key.
  }
  throw loginNeeded(plan, "the key in its file cannot be read");
}

/** The file after a refresh: what we know nothing of stays. */
function refreshed({ members }: LoginToken, { body, receivedAt }: HttpAnswer): JsonRecord | undefined {
  const answer = jsonRecord(body);
  const keys = recordMember(answer, "accessToken");
  const refreshToken = textMember(answer, "refreshToken");
  const seconds = answer?.["expiresIn"];
  const [accessKeyId, secretAccessKey, sessionToken] = ["accessKeyId", "secretAccessKey", "sessionToken"].map(
    (name) => textMember(keys, name),
  );
  if (!(accessKeyId && secretAccessKey && sessionToken && refreshToken)) return undefined;
  if (typeof seconds !== "number" || !(seconds > 0)) return undefined;
  const expiresAt = ssoTime(receivedAt + seconds * 1000);
  const accessToken = {
    ...recordMember(members, "accessToken"),
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiresAt,
  };
  return { ...members, accessToken, refreshToken };
}

/** AWS gave no keys. Where the token was used up, another program may have been quicker, and be writing what it got. */
async function quickerOne(
  plan: LoginPlan,
  { refreshToken }: LoginToken,
  { answer, access }: { readonly answer: HttpAnswer; readonly access: SourceAccess },
): Promise<LoginFile> {
  const error = textMember(jsonRecord(answer.body), "error");
  const { words } = refusalOf(answer);
  if (error === "INSUFFICIENT_PERMISSIONS")
    throw new VouchError("aws-denied", `AWS refused ${ACTION} for ${plan.session}: ${words}.`);
  if (error === "TOKEN_EXPIRED" || error === "USER_CREDENTIALS_CHANGED")
    throw loginNeeded(plan, `AWS says: ${words}`);
  if (answer.status !== 400) throw serviceError(answer, ACTION);
  for (let look = 1; look <= LOOKS; look += 1) {
    const now = await readLoginFile(plan, access);
    const { token } = now;
    if (token.refreshToken !== refreshToken && token.keys.expires > access.clock()) return now;
    if (look < LOOKS) await sleep(PAUSE_MS);
  }
  throw loginNeeded(plan, `AWS says: ${words}`);
}
