import { type Form, readForm } from "../form.ts";
import type { TokenRequest } from "../grant-authentication.ts";
import { DEVICE_GRANT, EXCHANGE_GRANT, FIDO2_GRANT } from "../grants.ts";
import { invalidRequest, oauthRefusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";
import { deviceGrant } from "./device-grant.ts";
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

/** The browser's grants (authorization_code and its like) are deliberately absent: no CLI uses them. */
const GRANTS: ReadonlyMap<string, (asked: TokenRequest, world: VouchWorld) => Reply> = new Map([
  [FIDO2_GRANT, fido2Grant],
  [EXCHANGE_GRANT, exchangeGrant],
  [DEVICE_GRANT, deviceGrant],
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
}
