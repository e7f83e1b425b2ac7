import { type JsonWebKey, randomBytes } from "node:crypto";
import { isJsonObject, type JsonObject } from "./json-object.ts";
import { fitsAlgorithm, hasPrivateMembers, isJwk, publicKeyOf } from "./jwk.ts";
import { oauthRefusal, type Refusal } from "./refusal.ts";

/** Grants a client may register. Source: token/vouch/VOUCH-PROTOCOL.md, "Registration". */
const GRANTS = [
  "authorization_code",
  "client_credentials",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:ietf:params:oauth:grant-type:jwt-bearer",
  "urn:ietf:params:oauth:grant-type:fido2-assertion",
];

const SECRET_METHODS = ["client_secret_basic", "client_secret_post"];
const FAPI_METHODS = ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"];
const AUTH_METHODS = ["none", ...SECRET_METHODS, ...FAPI_METHODS];

/** The server's interpretation of a registration request. */
export interface CheckedMetadata {
  /** Echoed in every answer about this registration. */
  readonly metadata: JsonObject;
  readonly keys: readonly JsonWebKey[];
  readonly grants: readonly string[];
  readonly authMethod: string;
  readonly fapi: boolean;
  /** Only for the methods that need one. */
  readonly secret: string | undefined;
}

/**
 * The checks of token/vouch/VOUCH-PROTOCOL.md, "Registration", but for what only clients in a browser or with a page send: redirect
 * URIs, contacts and `jwks_uri` are ignored, as are members that the server does not know.
 */
export function checkMetadata(body: unknown): CheckedMetadata {
  if (!isJsonObject(body)) throw invalidMetadata("The body must be a JSON object");
  const grants = stringsOf(body, "grant_types", ["authorization_code"]);
  const responseTypes = stringsOf(body, "response_types", ["code"]);
  checkGrants(grants, responseTypes);

  const authMethod = body["token_endpoint_auth_method"] ?? "client_secret_basic";
  if (typeof authMethod !== "string" || !AUTH_METHODS.includes(authMethod)) {
    throw invalidMetadata("token_endpoint_auth_method is not supported");
  }
  const keys = keysOf(body);
  const fapi = body["dpop_bound_access_tokens"] === true;
  if (fapi) checkFapi(body, authMethod, keys);

  const metadata = {
    ...pick(body, ["client_name", "software_id", "software_version", "jwks"]),
    token_endpoint_auth_method: authMethod,
    grant_types: grants,
    response_types: responseTypes,
    dpop_bound_access_tokens: fapi,
    id_token_signed_response_alg: body["id_token_signed_response_alg"] ?? "ES256",
  };
  const secret = SECRET_METHODS.includes(authMethod) ? randomBytes(32).toString("base64url") : undefined;
  return { metadata, keys, grants, authMethod, fapi, secret };
}

function checkGrants(grants: readonly string[], responseTypes: readonly string[]): void {
  if (!grants.every((grant) => GRANTS.includes(grant)))
    throw invalidMetadata("A grant type is not supported");
  if (!responseTypes.every((type) => type === "code"))
    throw invalidMetadata("A response type is not supported");
  if (responseTypes.includes("code") !== grants.includes("authorization_code")) {
    throw invalidMetadata("response_types do not fit grant_types");
  }
}

function checkFapi(body: JsonObject, authMethod: string, keys: readonly JsonWebKey[]): void {
  if (!FAPI_METHODS.includes(authMethod)) {
    throw invalidMetadata("DPoP-bound clients must use private_key_jwt or mutual TLS");
  }
  if (body["jwks"] === undefined) throw invalidMetadata("DPoP-bound clients must register a key");
  if (body["id_token_signed_response_alg"] === "RS256") throw invalidMetadata("RS256 is not allowed");
  const usable = keys.some((key) => ["ES256", "PS256", "EdDSA"].some((alg) => fitsAlgorithm(key, alg)));
  if (!usable) throw invalidMetadata("No key of the JWKS is usable");
}

function keysOf(body: JsonObject): readonly JsonWebKey[] {
  const jwks = body["jwks"];
  if (jwks === undefined) return [];
  const keys = isJsonObject(jwks) ? jwks["keys"] : undefined;
  const valid = (key: unknown): key is JsonWebKey =>
    isJwk(key) && !hasPrivateMembers(key) && publicKeyOf(key) !== undefined;
  if (!Array.isArray(keys) || !keys.every(valid)) throw invalidMetadata("jwks is not a set of public keys");
  return keys;
}

function stringsOf(body: JsonObject, name: string, otherwise: readonly string[]): readonly string[] {
  const value = body[name] ?? otherwise;
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) {
    throw invalidMetadata(`${name} must be an array of strings`);
  }
  return value;
}

function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => name in body).map((name) => [name, body[name]]));
}

function invalidMetadata(description: string): Refusal {
  return oauthRefusal(400, "invalid_client_metadata", description);
}
