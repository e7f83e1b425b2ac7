import type { HttpAnswer } from "../net/http-client.ts";
import type { ClientKey } from "./client-key.ts";
import { jsonRecord, textMember } from "./json-record.ts";
import { GRANTS, isManagedBy, type RegistrationRecord } from "./registration-record.ts";
import { endpoint, userAgent, type VouchContext } from "./vouch-context.ts";
import { answerError, vouchError } from "./vouch-error.ts";

const JSON_TYPE = { "content-type": "application/json" };

/**
 * Registers this machine. Open to anyone, so without authentication.
 * Source: VOUCH-PROTOCOL.md, "Registration".
 */
export async function postRegistration(context: VouchContext, key: ClientKey): Promise<RegistrationRecord> {
  const answer = await context.http({
    method: "POST",
    url: endpoint(context, "/oauth/register"),
    headers: { ...userAgent(context), ...JSON_TYPE },
    body: JSON.stringify(metadata(context, key)),
  });
  if (answer.status !== 201) throw vouchError(answer, { call: "registration", server: context.server.key });
  return recordOf(context, key, answer);
}

/**
 * The data for calls that manage a registration, at the address that the server gave for it.
 * Source: VOUCH-PROTOCOL.md, "Registration management".
 */
export interface Management {
  readonly url: string;
  readonly token: string;
}

export function getRegistration(context: VouchContext, management: Management): Promise<HttpAnswer> {
  return context.http({ method: "GET", ...managed(context, management) });
}

export function deleteRegistration(context: VouchContext, management: Management): Promise<HttpAnswer> {
  return context.http({ method: "DELETE", ...managed(context, management) });
}

/**
 * Replaces the whole registration, keeping its client id; undefined if the server refuses. The new record has a new token, and
 * the old one is no longer valid.
 */
export async function putRegistration(
  context: VouchContext,
  key: ClientKey,
  { clientId, management }: { readonly clientId: string; readonly management: Management },
): Promise<RegistrationRecord | undefined> {
  const { url, headers } = managed(context, management);
  const body = JSON.stringify({ client_id: clientId, ...metadata(context, key) });
  const answer = await context.http({ method: "PUT", url, headers: { ...headers, ...JSON_TYPE }, body });
  const asked = { call: "registration", server: context.server.key } as const;
  if (answer.status === 429 || answer.status >= 500) throw vouchError(answer, asked);
  if (answer.status !== 200) return undefined;

  const record = recordOf(context, key, answer);
  return record.management === undefined ? { ...record, management } : record;
}

function managed(context: VouchContext, { url, token }: Management) {
  return { url: new URL(url), headers: { ...userAgent(context), authorization: `Bearer ${token}` } };
}

function metadata(context: VouchContext, key: ClientKey): object {
  return {
    client_name: `kubectl-vouch/${context.hostname}`,
    dpop_bound_access_tokens: true,
    grant_types: GRANTS,
    jwks: { keys: [key.publicJwk] },
    response_types: [],
    software_id: "kubectl-vouch",
    software_version: context.version,
    token_endpoint_auth_method: "private_key_jwt",
  };
}

/** Only `client_id` is required in the answer. A management address that is not the server's own is not kept. */
function recordOf(context: VouchContext, key: ClientKey, answer: HttpAnswer): RegistrationRecord {
  const body = jsonRecord(answer.body);
  const clientId = textMember(body, "client_id");
  if (clientId === undefined) {
    throw answerError({ call: "registration", server: context.server.key }, "without a client_id");
  }

  const url = textMember(body, "registration_client_uri");
  const token = textMember(body, "registration_access_token");
  const manageable = url !== undefined && token !== undefined && isManagedBy(context.server, url);
  return {
    clientId,
    keyId: key.kid,
    grants: GRANTS,
    verifiedAt: context.clock(),
    ...(manageable ? { management: { url, token } } : {}),
  };
}
