import { type Fido2Assertion, parseFido2Assertion, verifyFido2Assertion } from "../fido2-assertion.ts";
import { challengeOf, consumeState, readState } from "../fido2-state.ts";
import { authenticateGrant, type TokenRequest } from "../grant-authentication.ts";
import type { JsonObject } from "../json-object.ts";
import { invalidGrant, invalidRequest, oauthRefusal } from "../refusal.ts";
import type { Reply } from "../reply.ts";
import { beginSession, tokenAnswer } from "../token-answer.ts";
import type { VouchCredential, VouchUser, VouchWorld } from "../world.ts";

/** Bytes of a user handle: the user's UUID. Source: token/vouch/VOUCH-PROTOCOL.md, "Assertion on the key". */
const USER_HANDLE_SIZE = 16;

/** `POST /oauth/token` with the fido2-assertion grant: F1 to F16 of SERVER-CHECKS.md, "Login grant checks". */
export function fido2Grant(asked: TokenRequest, world: VouchWorld): Reply {
  const { form } = asked;
  const field = form.get("assertion");
  if (field === undefined) throw invalidRequest("assertion is missing");
  const { client, proof } = authenticateGrant(asked, world);

  const assertion = parseFido2Assertion(field);
  const state = redeemedState(assertion, client.id, world);
  const { credential, user } = assertedCredential(assertion, world);
  const expected = { rpId: world.settings.rpId, challenge: challengeOf(state), credential };
  const counter = verifyFido2Assertion(assertion, expected);

  credential.counter = counter;
  const { policyRefusal } = world.faults;
  if (policyRefusal !== undefined) throw oauthRefusal(400, "access_denied", policyRefusal);

  const scope = form.get("scope");
  const session = { user, clientId: client.id, scope, jkt: proof?.jkt, hardwareVerified: true, credential };
  return tokenAnswer(beginSession(session, world), world);
}

/** F5 to F8. A state of another client stays usable by its own. */
function redeemedState(
  { state, userHandle }: Fido2Assertion,
  clientId: string,
  world: VouchWorld,
): JsonObject {
  const claims = readState("vouch-fido2-challenge+jwt", state, world);
  if (claims === undefined) throw invalidGrant("The challenge is invalid or expired");
  if (userHandle.length !== USER_HANDLE_SIZE) throw invalidGrant();

  const bound = claims["client_id"];
  const unboundAllowed = world.settings.era !== "C-strict";
  if (bound === undefined ? !unboundAllowed : bound !== clientId) {
    throw invalidGrant("The challenge is invalid or expired");
  }
  if (!consumeState(state, world)) throw invalidGrant("The challenge was used before");
  return claims;
}

/** F9. */
function assertedCredential(
  { credentialId, userHandle }: Fido2Assertion,
  world: VouchWorld,
): { credential: VouchCredential; user: VouchUser } {
  const credential = world.credentials.get(credentialId.toString("base64url"));
  const user = world.users.get(credential?.userId ?? "");
  const named = user?.id.replaceAll("-", "") === userHandle.toString("hex");
  if (credential === undefined || user === undefined || !named || !user.active) throw invalidGrant();
  return { credential, user };
}
