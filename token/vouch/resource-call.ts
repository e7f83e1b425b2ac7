import type { HttpAnswer } from "../net/http-client.ts";
import type { ClientKey } from "./client-key.ts";
import { type HttpSignatureInput, httpSignature } from "./http-signature.ts";
import { withRetries } from "./retry.ts";
import { isSignatureRefusal, serverRefusal } from "./server-refusal.ts";
import { endpoint, freshProof, userAgent, type VouchContext } from "./vouch-context.ts";

const JSON_TYPE = "application/json";

export interface ResourceCall {
  /** `GET` if absent. */
  readonly method?: "GET" | "POST" | "DELETE";
  /** With the query, percent-encoded: exactly what is sent is signed. */
  readonly path: `/v1/${string}`;
  readonly key: ClientKey;
  readonly accessToken: string;
  /** False for the few public paths. Source: VOUCH-PROTOCOL.md, "Signed calls". */
  readonly signed: boolean;
  /** Sent as JSON. */
  readonly content?: object;
  /** It cannot be done twice, so it is not repeated on 429 and 5xx. */
  readonly once?: boolean;
}

/**
 * Calls a `/v1` endpoint with the session's token, a DPoP proof and an HTTP signature. Repeated on 429 and 5xx, and once for each
 * kind of nonce that the server wants. A DPoP nonce is sent only if requested: here it is optional, and the server would refuse
 * one that it has already seen.
 */
export async function callResource(context: VouchContext, call: ResourceCall): Promise<HttpAnswer> {
  const answered = { dpopNonce: false, signatureNonce: false };

  const send = async (): Promise<HttpAnswer> => {
    const answer = await attempt(context, call, answered.dpopNonce);
    if (!answered.dpopNonce && wantsDpopNonce(answer)) answered.dpopNonce = true;
    else if (!answered.signatureNonce && wantsSignatureNonce(answer)) answered.signatureNonce = true;
    else return answer;
    return send();
  };
  return call.once === true ? send() : withRetries(send, context.retry);
}

function wantsDpopNonce(answer: HttpAnswer): boolean {
  const { name } = serverRefusal(answer);
  return answer.status === 401 && name === "use_dpop_nonce" && answer.headers["dpop-nonce"] !== undefined;
}

/** The header alone means nothing: it also comes with every accepted signature. */
function wantsSignatureNonce(answer: HttpAnswer): boolean {
  return isSignatureRefusal(answer) && answer.headers["signature-nonce"] !== undefined;
}

async function attempt(context: VouchContext, call: ResourceCall, withNonce: boolean): Promise<HttpAnswer> {
  const url = endpoint(context, call.path);
  const { key, accessToken, method = "GET" } = call;
  const content =
    call.content === undefined ? undefined : { type: JSON_TYPE, body: JSON.stringify(call.content) };
  const authorization = `DPoP ${accessToken}`;
  const nonce = withNonce ? context.dpopNonces.take() : undefined;
  const dpop = await freshProof(context, { key, method, url, accessToken, nonce });
  const signing = { key, method, url, authorization, dpop, content };
  const signature = call.signed ? signatureHeaders(context, signing) : {};

  const headers = {
    ...userAgent(context),
    authorization,
    dpop,
    ...(content === undefined ? {} : { "content-type": content.type }),
    ...signature,
  };
  const answer = await context.http({
    method,
    url,
    headers,
    ...(content === undefined ? {} : { body: content.body }),
  });
  context.dpopNonces.offer(answer.headers["dpop-nonce"]);
  context.signatureNonces.offer(answer.headers["signature-nonce"]);
  return answer;
}

type Signing = Omit<HttpSignatureInput, "nowMs" | "nonce" | "encoding">;

function signatureHeaders(context: VouchContext, signing: Signing): Record<string, string> {
  return httpSignature({
    ...signing,
    nowMs: context.clock(),
    nonce: context.signatureNonces.take(),
    encoding: context.signatureEncoding,
  });
}
