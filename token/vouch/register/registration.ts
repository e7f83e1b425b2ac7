import { ours } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { HttpAnswer } from "../../net/http-client.ts";
import { plainUrl } from "../../net/web-address.ts";
import { jsonRecord, textMember } from "../../record.ts";
import type { VouchCall } from "../call/refusal-table.ts";
import { serverRefusal, vouchError } from "../call/vouch-error.ts";
import { type ClientKey, ensureClientKey } from "../sign/client-key.ts";
import { type Client, endpoint, userAgent, type VouchContext } from "../sign/vouch-context.ts";
import {
  deleteRegistration,
  getRegistration,
  isManagedBy,
  loadRegistration,
  postRegistration,
  putRegistration,
  type RegistrationRecord,
  registrationStep,
  saveRegistration,
} from "./registration-call.ts";

interface RegisteredClient extends Client {
  /** Made or repaired just now: if the server still refuses it, doing so again would not help. */
  readonly fresh: boolean;
}

/** This machine as a client of the server: with the existing registration, repaired if necessary, or else a new one. */
async function ensureRegistration(context: VouchContext, key: ClientKey): Promise<RegisteredClient> {
  const { keyStore, server, clock } = context;
  const record = loadRegistration(keyStore, server);
  const step = registrationStep(record, { keyId: key.kid, server, nowMs: clock() });

  if (record !== undefined && step === "trust") return { clientId: record.clientId, key, fresh: false };
  if (record !== undefined && step === "repair") return repairGrants(context, key, record);
  if (record !== undefined && step === "validate" && (await isStillValid(context, record))) {
    return { clientId: record.clientId, key, fresh: false };
  }
  return replaceRegistration(context, key, record);
}

/**
 * Repairs the registration after the server refused the client: `unauthorized_client` means that its list of grants is too short,
 * anything else that the server no longer knows it.
 */
export async function repairRegistration(
  context: VouchContext,
  key: ClientKey,
  refused: { readonly clientId: string; readonly name: string },
): Promise<RegisteredClient> {
  const record = loadRegistration(context.keyStore, context.server);
  // Another login has registered meanwhile.
  if (record !== undefined && record.clientId !== refused.clientId && record.keyId === key.kid) {
    return { clientId: record.clientId, key, fresh: true };
  }
  if (record !== undefined && refused.name === "unauthorized_client")
    return repairGrants(context, key, record);
  return replaceRegistration(context, key, record);
}

/**
 * Gives the registration all grants that it should have, keeping its client id and therefore its sessions. False if the server
 * does not allow that, or we have no registration with that id.
 */
export async function extendGrants(context: VouchContext, { clientId, key }: Client): Promise<boolean> {
  const { keyStore, server } = context;
  const record = loadRegistration(keyStore, server);
  if (record?.clientId !== clientId || record.management === undefined) return false;
  if (!isManagedBy(server, record.management.url)) return false;

  const repaired = await putRegistration(context, key, { clientId, management: record.management });
  if (repaired?.clientId !== clientId) return false;
  saveRegistration(keyStore, server, repaired);
  return true;
}

async function repairGrants(
  context: VouchContext,
  key: ClientKey,
  record: RegistrationRecord,
): Promise<RegisteredClient> {
  const { clientId } = record;
  if (await extendGrants(context, { clientId, key })) return { clientId, key, fresh: true };
  return replaceRegistration(context, key, record);
}

/** Registers again, and revokes the old registration, so that the server does not fill with unused ones. */
async function replaceRegistration(
  context: VouchContext,
  key: ClientKey,
  old: RegistrationRecord | undefined,
): Promise<RegisteredClient> {
  const { keyStore, server } = context;
  const record = await postRegistration(context, key);
  saveRegistration(keyStore, server, record);

  if (old?.management !== undefined && isManagedBy(server, old.management.url)) {
    await deleteRegistration(context, old.management).catch(ignoreFailure);
  }
  return { clientId: record.clientId, key, fresh: true };
}

/**
 * Asks the server for the registration. Only a clear refusal counts as one: if the server is down, overloaded or unreachable, the
 * stored registration is used, and the next call fails with a clearer error.
 */
async function isStillValid(context: VouchContext, record: RegistrationRecord): Promise<boolean> {
  if (record.management === undefined) return true;
  const answer = await getRegistration(context, record.management).catch(ignoreFailure);
  if (answer === undefined) return true;

  if (answer.status === 200) {
    saveRegistration(context.keyStore, context.server, { ...record, verifiedAt: context.clock() });
    return true;
  }
  return answer.status >= 500 || answer.status === 429 || answer.status === 408;
}

/** For a call whose failure changes nothing. An interruption is thrown. */
function ignoreFailure(error: unknown): undefined {
  if (error instanceof VouchError && error.code !== "interrupted") return undefined;
  throw error;
}

/**
 * Registers this machine if necessary and sends the request as its client. If the server does not accept the registration, it is
 * repaired and the request is sent once more.
 */
export async function askAsClient(
  context: VouchContext,
  call: VouchCall,
  ask: (client: Client) => Promise<HttpAnswer>,
): Promise<{ readonly client: Client; readonly answer: HttpAnswer }> {
  const key = ensureClientKey(context.keyStore);
  const client = await ensureRegistration(context, key);
  const answer = await ask(client);
  const refusal = refusedClient(answer);
  if (refusal === undefined || client.fresh) return { client, answer };

  await throwIfRegistrationIsNotWhy(context, call, answer);
  const repaired = await repairRegistration(context, key, { clientId: client.clientId, name: refusal });
  return { client: repaired, answer: await ask(repaired) };
}

/** The error for an unexpected answer; a wrong server address may explain why a client is refused. */
export async function clientError(
  context: VouchContext,
  call: VouchCall,
  answer: HttpAnswer,
): Promise<Error> {
  const otherAddress = refusedClient(answer) === "invalid_client" ? await issuerError(context) : undefined;
  return otherAddress ?? vouchError(answer, { call, server: context.server.key });
}

/** A wrong clock or a wrong server address also ends in `invalid_client`; registering again would fix neither. */
export async function throwIfRegistrationIsNotWhy(
  context: VouchContext,
  call: VouchCall,
  answer: HttpAnswer,
): Promise<void> {
  const error = vouchError(answer, { call, server: context.server.key });
  if (error.code !== "client-refused") throw error;
  const otherAddress = await issuerError(context);
  if (otherAddress !== undefined) throw otherAddress;
}

/** The error name with which the server refused the client itself, if it did. */
export function refusedClient(answer: HttpAnswer): string | undefined {
  const { name } = serverRefusal(answer);
  return name === "invalid_client" || name === "unauthorized_client" ? name : undefined;
}

/**
 * Explains a refused client if the address is the reason: the server accepts only what is signed for its own address as it spells
 * it. Undefined if that is the address we use, or the server does not say.
 *
 * Source: VOUCH-PROTOCOL.md, "Client assertion". Discovery is used only for this check.
 */
async function issuerError(context: VouchContext): Promise<VouchError | undefined> {
  const issuer = await askedIssuer(context);
  if (issuer === undefined || issuer === context.server.base) return undefined;

  return new VouchError(
    "server-url-invalid",
    `${context.server.key} identifies itself as ${issuer} and accepts only clients that log in at that address.`,
    { hint: withCommands`If you recognize that address: ${ours("login", { server: issuer })}.` },
  );
}

/** Only the origin is used, so that no other text of the server can end up in a command to paste. */
async function askedIssuer(context: VouchContext): Promise<string | undefined> {
  try {
    const url = endpoint(context, "/.well-known/openid-configuration");
    const answer = await context.http({ method: "GET", url, headers: userAgent(context) });
    const issuer = textMember(jsonRecord(answer.body), "issuer");
    return answer.status === 200 && issuer !== undefined ? plainUrl(issuer)?.origin : undefined;
  } catch {
    return undefined;
  }
}
