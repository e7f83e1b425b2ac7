import type { HttpAnswer } from "../net/http-client.ts";
import { ensureClientKey } from "./client-key.ts";
import { issuerError } from "./issuer-check.ts";
import type { VouchCall } from "./refusal-table.ts";
import { ensureRegistration, repairRegistration } from "./registration.ts";
import { serverRefusal } from "./server-refusal.ts";
import type { Client, VouchContext } from "./vouch-context.ts";
import { vouchError } from "./vouch-error.ts";

/** The answer to a client. */
export interface ClientAnswer {
  readonly client: Client;
  readonly answer: HttpAnswer;
}

/**
 * Registers this machine if necessary and sends the request as its client. If the server does not accept the registration, it is
 * repaired and the request is sent once more.
 */
export async function askAsClient(
  context: VouchContext,
  call: VouchCall,
  ask: (client: Client) => Promise<HttpAnswer>,
): Promise<ClientAnswer> {
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
