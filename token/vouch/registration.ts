import { VouchError } from "../errors/errors.ts";
import type { ClientKey } from "./client-key.ts";
import {
  deleteRegistration,
  getRegistration,
  postRegistration,
  putRegistration,
} from "./registration-call.ts";
import {
  isManagedBy,
  loadRegistration,
  type RegistrationRecord,
  registrationStep,
  saveRegistration,
} from "./registration-record.ts";
import type { Client, VouchContext } from "./vouch-context.ts";

export interface RegisteredClient extends Client {
  /** Made or repaired just now: if the server still refuses it, doing so again would not help. */
  readonly fresh: boolean;
}

/** This machine as a client of the server: with the existing registration, repaired if necessary, or else a new one. */
export async function ensureRegistration(context: VouchContext, key: ClientKey): Promise<RegisteredClient> {
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
    await deleteRegistration(context, old.management).catch(unlessInterrupted);
  }
  return { clientId: record.clientId, key, fresh: true };
}

/**
 * Asks the server for the registration. Only a clear refusal counts as one: if the server is down, overloaded or unreachable, the
 * stored registration is used, and the next call fails with a clearer error.
 */
async function isStillValid(context: VouchContext, record: RegistrationRecord): Promise<boolean> {
  if (record.management === undefined) return true;
  const answer = await getRegistration(context, record.management).catch(unlessInterrupted);
  if (answer === undefined) return true;

  if (answer.status === 200) {
    saveRegistration(context.keyStore, context.server, { ...record, verifiedAt: context.clock() });
    return true;
  }
  return answer.status >= 500 || answer.status === 429 || answer.status === 408;
}

function unlessInterrupted(error: unknown): undefined {
  if (error instanceof VouchError && error.code !== "interrupted") return undefined;
  throw error;
}
