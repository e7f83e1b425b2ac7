import type { KeyStore } from "../keystore/key-store.ts";
import { jsonRecord, recordMember, textMember } from "./json-record.ts";
import type { ServerUrl } from "./server-url.ts";

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

/** What we keep of our registration at one server. The registration token in it is a secret. */
export interface RegistrationRecord {
  readonly clientId: string;
  /** Fingerprint of the registered key. */
  readonly keyId: string;
  readonly grants: readonly string[];
  /** When the server last confirmed it, epoch ms. */
  readonly verifiedAt: number;
  /** The address and the token for managing it; a server need not offer that. */
  readonly management?: { readonly url: string; readonly token: string };
}

/** What to do with a registration before it is used. */
export type RegistrationStep = "register" | "trust" | "repair" | "validate";

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
