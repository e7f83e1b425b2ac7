import type { Registration } from "../../fido2/ceremony/registration.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { serverName, serverText } from "../../net/server-text.ts";
import { isRecord, type JsonRecord, jsonRecord, textMember } from "../../record.ts";
import { answerError } from "../call/vouch-error.ts";
import { uuidBytes } from "../sign/nonces.ts";
import type { VouchContext } from "../sign/vouch-context.ts";
import { callSigned } from "./session-calls.ts";
import type { VouchSession } from "./vouch-session.ts";

/** ES256, the only algorithm that we ask of a key, as its COSE number. Source: VOUCH-PROTOCOL.md, "Key registration". */
const ES256 = -7;

/** A registration that waits for the security key. Valid for five minutes and for one answer. */
export interface PendingKey {
  /** Base64url. */
  readonly challenge: string;
  /** As sent by the server: it must be checked against the server's host before the key is asked. */
  readonly rpId: string;
  readonly rpName: string;
  readonly user: { readonly id: Uint8Array; readonly name: string };
  readonly excludeIds: readonly Uint8Array[];
  readonly state: string;
}

/** A security key as the server knows it. */
export interface RegisteredKey {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  /** Epoch ms; undefined if the server's time cannot be read. */
  readonly createdAt: number | undefined;
  /** Whether the session began with this key. */
  readonly isCurrent: boolean;
  readonly model: string | undefined;
}

/** What else ended when a key was removed. */
export interface RemovedKey {
  readonly sessionsRevoked: number;
  readonly isSessionOver: boolean;
}

/** Source: VOUCH-PROTOCOL.md, "Key registration". */
export async function startKeyRegistration(
  context: VouchContext,
  session: VouchSession,
  name: string,
): Promise<PendingKey> {
  const answer = await callSigned(context, session, {
    call: "keyRegistration",
    method: "POST",
    path: "/v1/keys/register/start",
    content: { name },
  });
  const asked = { call: "keyRegistration", server: context.server.key } as const;
  const body = jsonRecord(answer.body);
  const challenge = bytesIn(body?.["challenge"]);
  const rpId = textMember(body, "rp_id");
  const userId = uuidBytes(textMember(body, "user_id") ?? "");
  const userName = serverName(body?.["user_name"]);
  const state = textMember(body, "state");
  const excludeIds = listIn(body?.["exclude_credential_ids"])?.map(bytesIn);
  if (challenge === undefined || rpId === undefined || state === undefined)
    throw answerError(asked, "without a challenge, an rp_id and a state");
  if (userId === undefined || userName === undefined) throw answerError(asked, "without a valid user");
  if (!areBytes(excludeIds)) throw answerError(asked, "with credential IDs that are not bytes");
  if (listIn(body?.["algorithms"])?.includes(ES256) === false)
    throw answerError(asked, "with only algorithms that kubectl-vouch does not support");
  return {
    challenge: Buffer.from(challenge).toString("base64url"),
    rpId,
    rpName: serverText(textMember(body, "rp_name")) ?? "Vouch",
    user: { id: userId, name: userName },
    excludeIds,
    state,
  };
}

/** The id of the new key at the server. Sent once: the server accepts the state only once. */
export async function completeKeyRegistration(
  context: VouchContext,
  session: VouchSession,
  { state, made }: { readonly state: string; readonly made: Registration },
): Promise<string> {
  const answer = await callSigned(context, session, {
    call: "keyRegistration",
    method: "POST",
    path: "/v1/keys/register/complete",
    content: {
      state,
      credential_id: [...made.credentialId],
      public_key: [...made.publicKey],
      attestation_object: [...made.attestationObject],
      client_data_json: [...made.clientDataJson],
    },
    once: true,
  });
  const id = serverName(jsonRecord(answer.body)?.["device_id"]);
  if (id !== undefined) return id;
  throw answerError({ call: "keyRegistration", server: context.server.key }, "without the key's ID");
}

/** Source: VOUCH-PROTOCOL.md, "Registered keys". */
export async function listKeys(context: VouchContext, session: VouchSession): Promise<RegisteredKey[]> {
  const answer = await callSigned(context, session, { call: "keyList", path: "/v1/keys" });
  const keys = listIn(jsonRecord(answer.body)?.["keys"])?.map(keyIn);
  if (keys?.every((key) => key !== undefined)) return keys;
  throw answerError({ call: "keyList", server: context.server.key }, "without a list of keys");
}

/** `id` is one of those listed by the server. */
export async function removeKey(
  context: VouchContext,
  session: VouchSession,
  id: string,
): Promise<RemovedKey> {
  const path = `/v1/keys/${encodeURIComponent(id)}` as const;
  const answer = await callSigned(context, session, {
    call: "keyRemoval",
    method: "DELETE",
    path,
    once: true,
  });
  return removedIn(answer);
}

function removedIn(answer: HttpAnswer): RemovedKey {
  const body = jsonRecord(answer.body);
  const count = body?.["sessions_revoked"];
  return {
    sessionsRevoked: typeof count === "number" ? count : 0,
    isSessionOver: body?.["current_session_revoked"] === true,
  };
}

function keyIn(value: unknown): RegisteredKey | undefined {
  const key: JsonRecord | undefined = isRecord(value) ? value : undefined;
  const id = serverName(key?.["id"]);
  if (id === undefined) return undefined;
  const createdAt = Date.parse(textMember(key, "created_at") ?? "");
  return {
    id,
    name: serverText(textMember(key, "name")) ?? "",
    createdAt: Number.isNaN(createdAt) ? undefined : createdAt,
    isCurrent: key?.["is_current_session"] === true,
    model: serverText(textMember(key, "device_model")),
  };
}

function listIn(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

/** Bytes in the form of this part of the protocol: a list of numbers. */
function bytesIn(value: unknown): Uint8Array | undefined {
  const list = listIn(value);
  const isWhole = list?.every((one) => Number.isInteger(one) && Number(one) >= 0 && Number(one) <= 255);
  return isWhole === true ? Uint8Array.from(list as number[]) : undefined;
}

function areBytes(list: readonly (Uint8Array | undefined)[] | undefined): list is readonly Uint8Array[] {
  return list?.every((one) => one !== undefined) === true;
}
