import { authenticateClient, isAnonymous, requireGrant } from "../client-authentication.ts";
import { mintState } from "../fido2-state.ts";
import { isForm, readForm } from "../form.ts";
import { FIDO2_GRANT } from "../grants.ts";
import { invalidClient, textRefusal } from "../refusal.ts";
import { jsonReply, NO_STORE, type Reply } from "../reply.ts";
import { isNewest } from "../settings.ts";
import { mediaTypeOf, type VouchRequest } from "../vouch-request.ts";
import type { RegisteredClient, VouchWorld } from "../world.ts";

/**
 * `POST /oauth/fido2/challenge`. A DPoP proof is neither required nor looked at.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Challenge".
 */
export function challenge(request: VouchRequest, world: VouchWorld): Reply {
  const client = callingClient(request, world);
  const binding = client === undefined ? {} : { client_id: client.id };
  const minted = mintState("vouch-fido2-challenge+jwt", binding, world);
  const nonce: Record<string, string> = world.faults.dropChallengeNonce
    ? {}
    : { "DPoP-Nonce": world.nonces.issue() };

  world.counts.challenges += 1;
  const { challenge, state } = minted;
  return jsonReply(200, { challenge, rp_id: world.settings.rpId, state }, { ...NO_STORE, ...nonce });
}

/** Undefined if the era lets a client stay anonymous: its state is then bound to nobody. */
function callingClient(request: VouchRequest, world: VouchWorld): RegisteredClient | undefined {
  const { era } = world.settings;
  if (!isNewest(era)) {
    // Not known of the real ones: that a form is refused. It lets the client's fallback to `{}` be seen.
    if (mediaTypeOf(request) === "application/json") return undefined;
    throw textRefusal(415, "Expected request with `Content-Type: application/json`");
  }
  const form = isForm(request) ? readForm(request) : new Map<string, string>();
  if (isAnonymous(request, form)) {
    if (era === "C-staged") return undefined;
    throw invalidClient();
  }
  const client = authenticateClient(request, form, world);
  requireGrant(client, FIDO2_GRANT, world);
  return client;
}
