import type { HttpAnswer } from "../net/http-client.ts";
import { serverRefusal } from "./server-refusal.ts";
import {
  type Client,
  endpoint,
  freshAssertion,
  freshProof,
  userAgent,
  type VouchContext,
} from "./vouch-context.ts";

const FORM = "application/x-www-form-urlencoded";

export interface OauthCall {
  readonly path: "/oauth/token" | "/oauth/revoke" | "/oauth/fido2/challenge" | "/oauth/device";
  readonly client: Client;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** "with-nonce" sends the newest nonce and, if the server wants another, repeats the call once. */
  readonly dpop: "none" | "without-nonce" | "with-nonce";
}

/**
 * Posts a form to an OAuth endpoint as a registered client. These calls are not repeated on 429 or 5xx; each attempt has its own
 * assertion and proof, since each is valid only once.
 */
export async function callOauth(context: VouchContext, call: OauthCall): Promise<HttpAnswer> {
  const first = await attempt(context, call);
  const again = call.dpop === "with-nonce" && serverRefusal(first).name === "use_dpop_nonce";
  return again && first.headers["dpop-nonce"] !== undefined ? attempt(context, call) : first;
}

async function attempt(context: VouchContext, call: OauthCall): Promise<HttpAnswer> {
  const url = endpoint(context, call.path);
  const fields = { ...call.fields, ...(await freshAssertion(context, call.client)) };
  const answer = await context.http({
    method: "POST",
    url,
    headers: {
      ...userAgent(context),
      ...call.headers,
      ...(await proofHeader(context, call, url)),
      "content-type": FORM,
    },
    body: new URLSearchParams(fields).toString(),
  });
  context.dpopNonces.offer(answer.headers["dpop-nonce"]);
  return answer;
}

async function proofHeader(
  context: VouchContext,
  call: OauthCall,
  url: URL,
): Promise<Record<string, string>> {
  if (call.dpop === "none") return {};
  const nonce = call.dpop === "with-nonce" ? context.dpopNonces.take() : undefined;
  return { dpop: await freshProof(context, { key: call.client.key, method: "POST", url, nonce }) };
}
