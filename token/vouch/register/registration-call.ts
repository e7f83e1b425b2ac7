import type { KeyStore } from "../../keystore/key-store.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { jsonRecord, recordMember, textMember } from "../../record.ts";
import { answerError, vouchError } from "../call/vouch-error.ts";
import type { ServerUrl } from "../server-url.ts";
import type { ClientKey } from "../sign/client-key.ts";
import { endpoint, userAgent, type VouchContext } from "../sign/vouch-context.ts";

/** A registration is checked again after this long, in milliseconds. Source: VOUCH-PROTOCOL.md, "Times". */
const VALID_FOR_MS = 86_400_000;

/**
 * Every grant that this client will ever use; the server checks each request against the list.
 * Source: VOUCH-PROTOCOL.md, "Registration".
 */
export const GRANTS: readonly string[] = [
  "urn:ietf:params:oauth:grant-type:device_code",
  "urn:ietf:params:oauth:grant-type:fido2-assertion",
  "urn:ietf:params:oauth:grant-type:token-exchange",
];

/**
 * The data for calls that manage a registration, at the address that the server gave for it.
 * Source: VOUCH-PROTOCOL.md, "Registration management".
 */
interface Management {
  readonly url: string;
  readonly token: string;
}

/** What we keep of our registration at one server. The registration token in it is a secret. */
export interface RegistrationRecord {
  readonly clientId: string;
  /** Fingerprint of the registered key. */
  readonly keyId: string;
  readonly grants: readonly string[];
  /** When the server last confirmed it, epoch ms. */
  readonly verifiedAt: number;
  /** The address and the token for managing it; a server need not offer that. */
  readonly management?: Management;
}

/** What to do with a registration before it is used. */
type RegistrationStep = "register" | "trust" | "repair" | "validate";

/** Source: VOUCH-PROTOCOL.md, "When to register", in its order. */
export function registrationStep(
  record: RegistrationRecord | undefined,
  { keyId, server, nowMs }: { readonly keyId: string; readonly server: ServerUrl; readonly nowMs: number },
): RegistrationStep {
  if (record === undefined || record.keyId !== keyId) return "register";

  const complete = GRANTS.every((grant) => record.grants.includes(grant));
  if (record.management === undefined) return complete ? "trust" : "register";
  if (!isManagedBy(server, record.management.url)) return "register";
  if (!complete) return "repair";

  const age = nowMs - record.verifiedAt;
  return age >= 0 && age < VALID_FOR_MS ? "trust" : "validate";
}

/** Whether a management address is at the server itself: the registration token is sent nowhere else. */
export function isManagedBy(server: ServerUrl, url: string): boolean {
  return URL.canParse(url) && new URL(url).origin === server.base;
}

export function loadRegistration(keyStore: KeyStore, server: ServerUrl): RegistrationRecord | undefined {
  const text = keyStore.read(entry(server));
  return text === undefined ? undefined : parseRecord(text);
}

export function saveRegistration(keyStore: KeyStore, server: ServerUrl, record: RegistrationRecord): void {
  keyStore.write(entry(server), JSON.stringify(record));
}

function entry(server: ServerUrl): string {
  return `registration:${server.key}`;
}

/** A record that cannot be read counts as missing: registering again repairs it. */
function parseRecord(text: string): RegistrationRecord | undefined {
  const record = jsonRecord(text);
  const clientId = textMember(record, "clientId");
  const keyId = textMember(record, "keyId");
  if (record === undefined || clientId === undefined || keyId === undefined) return undefined;

  const { grants, verifiedAt } = record;
  const management = recordMember(record, "management");
  const url = textMember(management, "url");
  const token = textMember(management, "token");
  return {
    clientId,
    keyId,
    grants: Array.isArray(grants) ? grants.map(String) : [],
    verifiedAt: typeof verifiedAt === "number" ? verifiedAt : 0,
    ...(url === undefined || token === undefined ? {} : { management: { url, token } }),
  };
}

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
