import type { HttpAnswer } from "../net/http-client.ts";
import { jsonRecord, textMember } from "./json-record.ts";
import { serverText } from "./server-text.ts";

/** The contents of a refusal's body. */
export interface ServerRefusal {
  /** `error` of an OAuth error, or `code` of an API error. Only this part has a defined meaning. */
  readonly name?: string;
  /** The server's own message, made safe to print. Not contractual. */
  readonly description?: string;
}

/** Reads both error shapes, and the signature layer's plain text. Source: VOUCH-PROTOCOL.md, "Errors". */
export function serverRefusal(answer: HttpAnswer): ServerRefusal {
  const body = jsonRecord(answer.body);
  const name = textMember(body, "error") ?? textMember(body, "code") ?? challengeError(answer);
  const words = textMember(body, "error_description") ?? textMember(body, "message");
  const description = serverText(words ?? plainText(answer));

  return {
    ...(name !== undefined && /^[a-z0-9_]{1,64}$/.test(name) ? { name } : {}),
    ...(description === undefined ? {} : { description }),
  };
}

/** Whether this is the signature layer's refusal of a signature. */
export function isSignatureRefusal(answer: HttpAnswer): boolean {
  return answer.status === 401 && /^\s*signature verification failed\s*$/.test(answer.body);
}

/** Whether the server wants a fresher or stronger login. Source: RFC 9470, 3; VOUCH-PROTOCOL.md, "Resource tokens". */
export function isStepUp(answer: HttpAnswer): boolean {
  return answer.status === 401 && challengeError(answer) === "insufficient_user_authentication";
}

function challengeError(answer: HttpAnswer): string | undefined {
  return /\berror="?([a-z0-9_]+)/.exec(answer.headers["www-authenticate"] ?? "")?.[1];
}

function plainText({ headers, body }: HttpAnswer): string | undefined {
  return headers["content-type"]?.startsWith("text/plain") === true ? body : undefined;
}
