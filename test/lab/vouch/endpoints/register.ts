import { createHash, randomBytes, randomUUID } from "node:crypto";
import { isJsonObject, parseJson } from "../json-object.ts";
import { oauthRefusal, Refusal, textRefusal } from "../refusal.ts";
import { type CheckedMetadata, checkMetadata } from "../registration-metadata.ts";
import { emptyReply, jsonReply, NO_STORE, type Reply } from "../reply.ts";
import { headerOf, mediaTypeOf, type VouchRequest } from "../vouch-request.ts";
import { nowSeconds, type RegisteredClient, type VouchWorld } from "../world.ts";

/**
 * `POST /oauth/register`: open registration. Initial access tokens do not exist here.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Registration".
 */
export function register(request: VouchRequest, world: VouchWorld): Reply {
  if (headerOf(request, "authorization") !== undefined) throw wrongToken();
  const checked = checkMetadata(jsonBody(request));
  const token = newToken();
  const client: RegisteredClient = {
    id: randomUUID(),
    issuedAt: nowSeconds(world),
    active: true,
    registrationTokenHash: hashOf(token),
    ...checked,
  };
  world.clients.set(client.id, client);
  world.counts.registrations += 1;
  return jsonReply(201, withToken(client, token, checked, world), NO_STORE);
}

/** `GET /oauth/register/{client_id}`. Source: token/vouch/VOUCH-PROTOCOL.md, "Registration management". */
export function readRegistration(request: VouchRequest, world: VouchWorld): Reply {
  return jsonReply(200, described(registeredClient(request, world), world), NO_STORE);
}

/** `PUT` of the same: replaces everything, and the registration token. */
export function replaceRegistration(request: VouchRequest, world: VouchWorld): Reply {
  const client = registeredClient(request, world);
  const body = jsonBody(request);
  if (isJsonObject(body) && body["client_id"] !== undefined && body["client_id"] !== client.id) {
    throw oauthRefusal(400, "invalid_client_metadata", "client_id does not match");
  }
  const checked = checkMetadata(body);
  const token = newToken();
  const { metadata, keys, grants, authMethod, fapi } = checked;
  Object.assign(client, { metadata, keys, grants, authMethod, fapi, registrationTokenHash: hashOf(token) });
  return jsonReply(200, withToken(client, token, checked, world), NO_STORE);
}

/** `DELETE` of the same. */
export function deleteRegistration(request: VouchRequest, world: VouchWorld): Reply {
  world.clients.delete(registeredClient(request, world).id);
  return emptyReply(204);
}

/** Unknown client and wrong token look the same on purpose. */
function registeredClient(request: VouchRequest, world: VouchWorld): RegisteredClient {
  const authorization = headerOf(request, "authorization");
  if (authorization === undefined) throw new Refusal(emptyReply(401, { "WWW-Authenticate": "Bearer" }));

  const token = /^bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
  const client = world.clients.get(request.path.split("/").at(-1) ?? "");
  if (client === undefined || client.registrationTokenHash !== hashOf(token)) throw wrongToken();
  return client;
}

function wrongToken(): Refusal {
  const description = "The registration access token is invalid";
  const challenge = `Bearer error="invalid_token", error_description="${description}"`;
  const body = { error: "invalid_token", error_description: description };
  return new Refusal(jsonReply(401, body, { "WWW-Authenticate": challenge }));
}

function jsonBody(request: VouchRequest): unknown {
  if (mediaTypeOf(request) !== "application/json") {
    throw textRefusal(415, "Expected request with `Content-Type: application/json`");
  }
  return parseJson(request.body.toString());
}

function described(client: RegisteredClient, world: VouchWorld): object {
  return {
    client_id: client.id,
    client_id_issued_at: client.issuedAt,
    registration_client_uri: `${world.settings.url}/oauth/register/${client.id}`,
    ...client.metadata,
  };
}

function withToken(
  client: RegisteredClient,
  token: string,
  { secret }: CheckedMetadata,
  world: VouchWorld,
): object {
  return {
    ...described(client, world),
    registration_access_token: token,
    ...(secret === undefined ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
  };
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
