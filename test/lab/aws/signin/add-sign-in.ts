import { randomBytes } from "node:crypto";
import type { IamRole, LabWorld } from "../../model.ts";

/** Source: AWS Sign-In User Guide, "Sign in through the AWS CLI". */
const SESSION_MS = 12 * 60 * 60 * 1000;
/** AWS does not tell; RFC 6749, 4.1.2 allows ten minutes. */
const CODE_MS = 10 * 60 * 1000;

interface NewSignIn {
  readonly role: IamRole;
  readonly sessionName: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** base64url of the verifier's SHA-256. */
  readonly challenge: string;
  readonly now: Date;
}

/** What the page of AWS Sign-In sends back when the person lends a session: the code. */
export function addSignIn(
  { signInSessions }: LabWorld,
  { role, sessionName, clientId, redirectUri, challenge, now }: NewSignIn,
): string {
  const code = randomBytes(90).toString("base64url");
  signInSessions.set(code, {
    roleArn: role.arn,
    sessionName,
    clientId,
    expires: new Date(now.getTime() + SESSION_MS),
    code: { redirectUri, challenge, expires: new Date(now.getTime() + CODE_MS) },
    keyThumbprint: "",
  });
  return code;
}
