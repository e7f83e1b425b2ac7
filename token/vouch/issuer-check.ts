import { ours } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { jsonRecord, textMember } from "./json-record.ts";
import { plainUrl } from "./server-url.ts";
import { endpoint, userAgent, type VouchContext } from "./vouch-context.ts";

/**
 * Explains a refused client if the address is the reason: the server accepts only what is signed for its own address as it spells
 * it. Undefined if that is the address we use, or the server does not say.
 *
 * Source: VOUCH-PROTOCOL.md, "Client assertion". Discovery is used only for this check.
 */
export async function issuerError(context: VouchContext): Promise<VouchError | undefined> {
  const issuer = await askedIssuer(context);
  if (issuer === undefined || issuer === context.server.base) return undefined;

  return new VouchError(
    "server-url-invalid",
    `${context.server.key} identifies itself as ${issuer} and accepts only clients that log in at that address.`,
    { hint: withCommands`If you recognize that address: ${ours("login", { server: issuer })}.` },
  );
}

/** Only the origin is used, so that no other text of the server can end up in a command to paste. */
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
