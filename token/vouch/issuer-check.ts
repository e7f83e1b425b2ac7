import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { jsonRecord, textMember } from "./json-record.ts";
import { plainUrl } from "./server-url.ts";
import { endpoint, userAgent, type VouchContext } from "./vouch-context.ts";

/**
 * Explains a refused client where the address is the reason: the server accepts only what is signed for the address
 * it gives itself. Undefined when it calls itself what we call it, or does not say.
 *
 * Source: VOUCH-PROTOCOL.md, "Client assertion". Discovery serves this check alone.
 */
export async function issuerError(context: VouchContext): Promise<VouchError | undefined> {
  const issuer = await askedIssuer(context);
  if (issuer === undefined || issuer === context.server.base) return undefined;

  return new VouchError(
    "server-url-invalid",
    `${context.server.key} calls itself ${issuer} and accepts only clients that log in at that address.`,
    { hint: withCommands`If you know that address: ${ours("login", { server: issuer })}.` },
  );
}

/** Only the origin is used, so that nothing the server says can end up in a command to paste. */
async function askedIssuer(context: VouchContext): Promise<string | undefined> {
  try {
    const url = endpoint(context, "/.well-known/openid-configuration");
    const answer = await context.http({ method: "GET", url, headers: userAgent(context) });
    const issuer = textMember(jsonRecord(answer.body), "issuer");
    return answer.status === 200 && issuer !== undefined ? plainUrl(issuer)?.origin : undefined;
  } catch {
    return undefined;
  }
}
