import { createHash, randomBytes } from "node:crypto";
import type { SsoClient } from "../../identity-center-model.ts";
import type { OpenCall } from "../open-service.ts";
import type { AwsReply } from "../request.ts";
import { findClient, GRANT, mayUse } from "./clients.ts";
import { fitsRegistered } from "./redirect-uri.ts";
import { refusal, requireText } from "./refusal.ts";

/** How long a code is good, in seconds. AWS says "short-lived"; RFC 6749, 4.1.2 allows ten minutes. */
const CODE_SECONDS = 600;
/** Of a SHA-256 in base64url. Source: RFC 7636, 4.2. */
const CHALLENGE = /^[\w-]{43}$/;
/** Source: RFC 7636, 4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/**
 * `/authorize`, as a browser opens it. What is wrong with the client or the address to go back to is said on the page; all
 * else goes back to the client, with its state. Source: RFC 6749, 4.1.2.1.
 */
export function authorize(call: OpenCall): AwsReply {
  const { query, world } = call;
  const client = findClient(call, query.get("client_id") ?? "");
  if (!client) throw refusal("InvalidClientException");
  const redirectUri = query.get("redirect_uri") ?? "";
  if (!fitsRegistered(client.redirectUris, redirectUri)) throw refusal("InvalidRedirectUriException");
  const error = wrongQuestion(query, client);
  if (error !== undefined) return back(redirectUri, { error }, query);
  const { person, codes } = world.identityCenter;
  if (person === "away")
    return { status: 200, headers: { "content-type": "text/html" }, body: "<p>Sign in</p>\n" };
  if (person === "denied") return back(redirectUri, { error: "access_denied" }, query);

  const code = randomBytes(48).toString("base64url");
  codes.set(code, {
    code,
    clientId: client.id,
    userName: person.userName,
    redirectUri,
    codeChallenge: query.get("code_challenge") ?? "",
    expires: new Date(call.now.getTime() + CODE_SECONDS * 1000),
  });
  return back(redirectUri, { code }, query);
}

function wrongQuestion(query: URLSearchParams, client: SsoClient): string | undefined {
  if (query.get("response_type") !== "code") return "unsupported_response_type";
  if (!mayUse(client, GRANT.code)) return "unauthorized_client";
  const challenged = CHALLENGE.test(query.get("code_challenge") ?? "");
  if (query.get("code_challenge_method") !== "S256" || !challenged) return "invalid_request";
  const scopes = (query.get("scopes") ?? "").split(/[\s,]+/).filter((scope) => scope !== "");
  return scopes.every((scope) => client.scopes.includes(scope)) ? undefined : "invalid_scope";
}

function back(
  redirectUri: string,
  answer: Readonly<Record<string, string>>,
  asked: URLSearchParams,
): AwsReply {
  const state = asked.get("state");
  const query = new URLSearchParams({ ...answer, ...(state === null ? {} : { state }) });
  return { status: 302, headers: { location: `${redirectUri}?${query}` }, body: "" };
}

/** The user who approved. A code is gone when its client has shown it, also with a wrong verifier. */
export function redeemCode(call: OpenCall, client: SsoClient): string {
  const { codes } = call.world.identityCenter;
  const redirectUri = requireText(call, "redirectUri");
  const verifier = requireText(call, "codeVerifier");
  const known = codes.get(requireText(call, "code"));
  if (known?.clientId !== client.id) throw refusal("InvalidGrantException");
  codes.delete(known.code);
  const challenge = createHash("sha256").update(verifier).digest("base64url");
  const good =
    known.expires > call.now &&
    known.redirectUri === redirectUri &&
    VERIFIER.test(verifier) &&
    known.codeChallenge === challenge;
  if (!good) throw refusal("InvalidGrantException");
  return known.userName;
}
