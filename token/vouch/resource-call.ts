import type { HttpAnswer } from "../net/http-client.ts";
import type { ClientKey } from "./client-key.ts";
import { httpSignature } from "./http-signature.ts";
import { withRetries } from "./retry.ts";
import { isSignatureRefusal, serverRefusal } from "./server-refusal.ts";
import { endpoint, freshProof, userAgent, type VouchContext } from "./vouch-context.ts";

export interface ResourceCall {
  /** With the query, percent-encoded: what is sent is what is signed. */
  readonly path: `/v1/${string}`;
  readonly key: ClientKey;
  readonly accessToken: string;
  /** False for the few public paths. Source: VOUCH-PROTOCOL.md, "Signed calls". */
  readonly signed: boolean;
}

/**
 * Asks a `/v1` endpoint with the session's token, a DPoP proof and an HTTP signature. Repeated on 429 and 5xx, and
 * once for each kind of nonce that the server wants. A DPoP nonce is sent only when asked for: here it is optional,
 * and one that a server has already seen would be refused.
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
  return withRetries(send, context.retry);
}

function wantsDpopNonce(answer: HttpAnswer): boolean {
  const { name } = serverRefusal(answer);
  return answer.status === 401 && name === "use_dpop_nonce" && answer.headers["dpop-nonce"] !== undefined;
}

/** The header alone says nothing: it also comes with every signature that was accepted. */
function wantsSignatureNonce(answer: HttpAnswer): boolean {
  return isSignatureRefusal(answer) && answer.headers["signature-nonce"] !== undefined;
}

async function attempt(context: VouchContext, call: ResourceCall, withNonce: boolean): Promise<HttpAnswer> {
  const url = endpoint(context, call.path);
  const { key, accessToken } = call;
  const authorization = `DPoP ${accessToken}`;
  const nonce = withNonce ? context.dpopNonces.take() : undefined;
  const dpop = await freshProof(context, { key, method: "GET", url, accessToken, nonce });
  const signature = call.signed ? signatureHeaders(context, { key, url, authorization, dpop }) : {};

  const headers = { ...userAgent(context), authorization, dpop, ...signature };
  const answer = await context.http({ method: "GET", url, headers });
  context.dpopNonces.offer(answer.headers["dpop-nonce"]);
  context.signatureNonces.offer(answer.headers["signature-nonce"]);
  return answer;
}

interface Signing {
  readonly key: ClientKey;
  readonly url: URL;
  readonly authorization: string;
  readonly dpop: string;
}

function signatureHeaders(context: VouchContext, signing: Signing): Record<string, string> {
  return httpSignature({
    ...signing,
    method: "GET",
    nowMs: context.clock(),
    nonce: context.signatureNonces.take(),
    encoding: context.signatureEncoding,
  });
}
