import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { IamRole, LabWorld, SignInSession } from "../../model.ts";
import { thumbprintOf } from "../../vouch/jwk.ts";
import { issuePlainSession } from "../sts/issue-session.ts";

const CLIENT_ID = "arn:aws:signin:::devtools/same-device";
const HOUR_MS = 3_600_000;

interface LentSession {
  readonly session: SignInSession;
  /** What `aws login` writes into its file. */
  readonly file: Readonly<Record<string, unknown>> & { readonly refreshToken: string };
}

/** As if somebody had run `aws login` just now, and lent it a session of the console. Its keys end in `leftMs`. */
export function lendSession(
  world: LabWorld,
  { role, now, leftMs }: { readonly role: IamRole; readonly now: number; readonly leftMs: number },
): LentSession {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const sessionName = "ada";
  const session: SignInSession = {
    roleArn: role.arn,
    sessionName,
    clientId: CLIENT_ID,
    expires: new Date(now + 12 * HOUR_MS),
    code: undefined,
    keyThumbprint: thumbprintOf(publicKey.export({ format: "jwk" })),
  };
  const refreshToken = `canary-${randomBytes(30).toString("base64url")}`;
  world.signInSessions.set(refreshToken, session);
  const seconds = Math.max(1, Math.round(leftMs / 1000));
  const keys = issuePlainSession({ world, now: new Date(now) }, role, { sessionName, seconds });
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const expiresAt = new Date(now + leftMs).toISOString();
  const accessToken = { accessKeyId, secretAccessKey, sessionToken, accountId: world.accountId, expiresAt };
  const dpopKey = privateKey.export({ type: "sec1", format: "pem" });
  return {
    session,
    file: { accessToken, tokenType: "aws_sigv4", refreshToken, clientId: CLIENT_ID, dpopKey },
  };
}
