import { randomUUID } from "node:crypto";
import { type AttestedCredential, attestedCredential } from "../attestation.ts";
import { challengeOf, consumeState, mintState, readState } from "../fido2-state.ts";
import { type JsonObject, parseJsonObject } from "../json-object.ts";
import { apiRefusal, textRefusal } from "../refusal.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { resourceCaller } from "../resource-token.ts";
import { mediaTypeOf, type VouchRequest } from "../vouch-request.ts";
import type { VouchCredential, VouchSession, VouchUser, VouchWorld } from "../world.ts";

/** `typ` of this flow's state. */
const STATE = "vouch-key-registration+jwt";

/** Longest state, in bytes. Source: SERVER-CHECKS.md, "Key registration". */
const MAX_STATE = 8192;

/** ES256, as COSE counts. Source: SERVER-CHECKS.md, "Key registration". */
const ALGORITHMS = [-7];

/**
 * `POST /v1/keys/register/start`. Bytes are JSON arrays of numbers here, unlike under `/oauth`.
 * Source: SERVER-CHECKS.md, "Key registration".
 */
export function startKeyRegistration(request: VouchRequest, world: VouchWorld): Reply {
  const { user } = accountCaller(request, world);
  const { name } = jsonBody(request);
  if (typeof name !== "string")
    throw textRefusal(422, "Failed to deserialize the JSON body: missing field `name`");
  const { challenge, state } = mintState(STATE, { user_id: user.id, name }, world);
  const held = [...world.credentials.values()].filter(({ userId }) => userId === user.id);
  return jsonReply(200, {
    challenge: [...Buffer.from(challenge, "base64url")],
    rp_id: world.settings.rpId,
    rp_name: "Vouch",
    user_id: user.id,
    user_name: user.email,
    algorithms: ALGORITHMS,
    state,
    exclude_credential_ids: held.map(({ id }) => [...Buffer.from(id, "base64url")]),
  });
}

/**
 * `POST /v1/keys/register/complete`. The state is used up before anything of WebAuthn is looked at, and the credential
 * comes from authenticator data, not from the request. The origin is the base URL (token/vouch/VOUCH-PROTOCOL.md,
 * "Client data").
 */
export function completeKeyRegistration(request: VouchRequest, world: VouchWorld): Reply {
  const { user } = accountCaller(request, world);
  const body = jsonBody(request);
  for (const name of ["credential_id", "public_key"]) bytesIn(body, name);
  const presented = {
    attestationObject: bytesIn(body, "attestation_object"),
    clientDataJson: bytesIn(body, "client_data_json"),
  };
  const state = redeemedState(body["state"], user, world);
  const { rpId, url, attestationRoots } = world.settings;
  const expected = { rpId, origin: url, challenge: challengeOf(state), roots: attestationRoots };
  const credential = attestedCredential(presented, expected);
  if (credential === undefined)
    throw apiRefusal(400, "invalid_attestation", "The attestation is not acceptable");

  const keyId = randomUUID();
  keep(credential, { userId: user.id, name: String(state["name"]), keyId }, world);
  return jsonReply(200, { device_id: keyId, message: "Registration successful" });
}

/** Whose account a signed call is about. */
export function accountCaller(
  request: VouchRequest,
  world: VouchWorld,
): { readonly user: VouchUser; readonly session: VouchSession } {
  const { session } = resourceCaller(request, world);
  const user = world.users.get(session.user.id);
  if (user === undefined) throw apiRefusal(404, "user_not_found", "User not found");
  if (!user.active) throw apiRefusal(401, "unauthorized", "The account is deactivated");
  return { user, session };
}

function redeemedState(state: unknown, user: VouchUser, world: VouchWorld): JsonObject {
  const claims =
    typeof state === "string" && state.length <= MAX_STATE ? readState(STATE, state, world) : undefined;
  if (claims === undefined || claims["user_id"] !== user.id) {
    throw apiRefusal(400, "invalid_state", "The registration state is invalid or expired");
  }
  if (!consumeState(String(state), world)) {
    throw apiRefusal(400, "state_already_used", "The registration state was used before");
  }
  return claims;
}

function keep(
  { credentialId, cosePublicKey, aaguid, counter }: AttestedCredential,
  owner: Pick<VouchCredential, "userId" | "name" | "keyId">,
  world: VouchWorld,
): void {
  const id = credentialId.toString("base64url");
  if (world.credentials.has(id)) {
    throw apiRefusal(409, "credential_already_registered", "This credential is already registered");
  }
  world.credentials.set(id, { id, cosePublicKey, counter, aaguid, createdAt: world.clock(), ...owner });
}

function jsonBody(request: VouchRequest): JsonObject {
  const body = parseJsonObject(request.body.toString());
  if (mediaTypeOf(request) !== "application/json") {
    throw textRefusal(415, "Expected request with `Content-Type: application/json`");
  }
  if (body === undefined) throw textRefusal(400, "Failed to parse the request body as JSON");
  return body;
}

function bytesIn(body: JsonObject, name: string): Buffer {
  const value = body[name];
  const isByte = (one: unknown) => typeof one === "number" && Number.isInteger(one) && one >= 0 && one <= 255;
  if (!Array.isArray(value) || !value.every(isByte)) {
    throw textRefusal(422, `Failed to deserialize the JSON body: \`${name}\` must be an array of bytes`);
  }
  return Buffer.from(value);
}
