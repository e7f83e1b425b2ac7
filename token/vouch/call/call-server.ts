import type { HttpAnswer } from "../../net/http-client.ts";
import { withRetries } from "../../net/retry.ts";
import type { ClientKey } from "../sign/client-key.ts";
import { type HttpSignatureInput, httpSignature } from "../sign/http-signature.ts";
import {
  type Client,
  endpoint,
  freshAssertion,
  freshProof,
  userAgent,
  type VouchContext,
} from "../sign/vouch-context.ts";
import { isSignatureRefusal, serverRefusal } from "./vouch-error.ts";

const FORM = "application/x-www-form-urlencoded";

interface OauthCall {
  readonly path: "/oauth/token" | "/oauth/revoke" | "/oauth/fido2/challenge" | "/oauth/device";
  readonly client: Client;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** "with-nonce" sends the newest nonce and, if the server wants another, repeats the call once. */
  readonly dpop: "none" | "without-nonce" | "with-nonce";
}

/**
 * Posts a form to an OAuth endpoint as a registered client. These calls are not repeated on 429 or 5xx; each postForm has its own
 * assertion and proof, since each is valid only once.
 */
export async function callOauth(context: VouchContext, call: OauthCall): Promise<HttpAnswer> {
  const first = await postForm(context, call);
  const again = call.dpop === "with-nonce" && serverRefusal(first).name === "use_dpop_nonce";
  return again && first.headers["dpop-nonce"] !== undefined ? postForm(context, call) : first;
}

async function postForm(context: VouchContext, call: OauthCall): Promise<HttpAnswer> {
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
    const answer = await sendCall(context, call, answered.dpopNonce);
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

async function sendCall(context: VouchContext, call: ResourceCall, withNonce: boolean): Promise<HttpAnswer> {
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
