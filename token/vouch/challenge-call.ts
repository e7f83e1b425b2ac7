import type { HttpAnswer } from "../net/http-client.ts";
import { callOauth } from "./oauth-call.ts";
import { meaningOf } from "./refusal-table.ts";
import { serverRefusal } from "./server-refusal.ts";
import {
  type Client,
  endpoint,
  fapiHeaders,
  freshProof,
  userAgent,
  type VouchContext,
} from "./vouch-context.ts";

const PATH = "/oauth/fido2/challenge";

/** Statuses with which a server without authenticated challenges may refuse a form. Source: VOUCH-PROTOCOL.md, "Versions". */
const FORM_REFUSED: ReadonlySet<number> = new Set([400, 415, 422]);

/**
 * Asks for a login challenge: as an authenticated form, and if an older server cannot read that, once more as the bare JSON that
 * it knows. Never after a 401, nor if the server named the client as the problem.
 */
export async function askChallenge(context: VouchContext, client: Client): Promise<HttpAnswer> {
  const headers = fapiHeaders(context);
  const answer = await callOauth(context, { path: PATH, client, fields: {}, headers, dpop: "without-nonce" });
  if (!FORM_REFUSED.has(answer.status) || namesTheClient(answer)) return answer;

  const older = await askWithoutAuthentication(context, client);
  return older.status === 200 ? older : answer;
}

function namesTheClient(answer: HttpAnswer): boolean {
  const { name = "" } = serverRefusal(answer);
  return name !== "invalid_request" && meaningOf("challenge", name) !== undefined;
}

async function askWithoutAuthentication(context: VouchContext, { key }: Client): Promise<HttpAnswer> {
  const url = endpoint(context, PATH);
  const answer = await context.http({
    method: "POST",
    url,
    headers: {
      ...userAgent(context),
      ...fapiHeaders(context),
      dpop: await freshProof(context, { key, method: "POST", url }),
      "content-type": "application/json",
    },
    body: "{}",
  });
  context.dpopNonces.offer(answer.headers["dpop-nonce"]);
  return answer;
}
