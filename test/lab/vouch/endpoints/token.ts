import { type Form, readForm } from "../form.ts";
import type { TokenRequest } from "../grant-authentication.ts";
import { EXCHANGE_GRANT, FIDO2_GRANT } from "../grants.ts";
import { invalidAuthorizationDetails, invalidRequest, oauthRefusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";
import { exchangeGrant } from "./exchange-grant.ts";
import { fido2Grant } from "./fido2-grant.ts";

/** Longest fields, in characters. Source: token/vouch/VOUCH-PROTOCOL.md, "Sizes". */
const MAX_LENGTH: Readonly<Record<string, number>> = {
  client_id: 256,
  scope: 512,
  redirect_uri: 2048,
  resource: 2048,
  client_assertion: 8192,
  assertion: 8192,
};

/** The same for the field that has an error of its own. */
const MAX_AUTHORIZATION_DETAILS = 8192;

/** Deliberately absent: the browser's grants, which no CLI uses, and the device grant, which ours does not. */
const GRANTS: ReadonlyMap<string, (asked: TokenRequest, world: VouchWorld) => Reply> = new Map([
  [FIDO2_GRANT, fido2Grant],
  [EXCHANGE_GRANT, exchangeGrant],
]);

/** `POST /oauth/token`: the common first steps of SERVER-CHECKS.md, "Login grant checks", then the grant. */
export function token(request: VouchRequest, world: VouchWorld): Reply {
  const form = readForm(request);
  checkLengths(form);
  const grant = form.get("grant_type");
  if (grant === undefined) throw invalidRequest("grant_type is missing");
  const answer = GRANTS.get(grant);
  if (answer === undefined)
    throw oauthRefusal(400, "unsupported_grant_type", "The grant type is not supported");
  return answer({ request, form, grant }, world);
}

function checkLengths(form: Form): void {
  for (const [name, max] of Object.entries(MAX_LENGTH)) {
    if ((form.get(name)?.length ?? 0) > max) throw invalidRequest(`${name} is too long`);
  }
  if ((form.get("authorization_details")?.length ?? 0) > MAX_AUTHORIZATION_DETAILS) {
    throw invalidAuthorizationDetails();
  }
}
