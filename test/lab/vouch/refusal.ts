import { jsonReply, type Reply, textReply } from "./reply.ts";

/** Thrown by any check to end the request with this reply. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`${reply.status} ${reply.body}`);
    this.reply = reply;
  }
}

/** What every failed client authentication says. Source: token/vouch/VOUCH-PROTOCOL.md, "Errors". */
const CLIENT_REFUSED = "Client authentication failed";

/** The same for a failed FIDO2 assertion. Source: SERVER-CHECKS.md, "Login grant checks", F9 to F14. */
const ASSERTION_REFUSED = "Authentication failed";

/** An OAuth error, as `/oauth/*` answers. Source: token/vouch/VOUCH-PROTOCOL.md, "Errors". */
export function oauthRefusal(status: number, error: string, description: string): Refusal {
  return new Refusal(jsonReply(status, { error, error_description: description }));
}

/** An API error, as the `/v1/*` handlers answer. Source: token/vouch/VOUCH-PROTOCOL.md, "Errors". */
export function apiRefusal(status: number, code: string, message: string): Refusal {
  return new Refusal(jsonReply(status, { code, message }));
}

export function textRefusal(status: number, body: string, headers: Record<string, string> = {}): Refusal {
  return new Refusal(textReply(status, body, headers));
}

export function invalidClient(): Refusal {
  return oauthRefusal(401, "invalid_client", CLIENT_REFUSED);
}

export function invalidRequest(description: string): Refusal {
  return oauthRefusal(400, "invalid_request", description);
}

export function invalidGrant(description = ASSERTION_REFUSED): Refusal {
  return oauthRefusal(400, "invalid_grant", description);
}
