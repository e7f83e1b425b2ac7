import { authenticatedClient } from "./client-assertion.ts";
import type { Form } from "./form.ts";
import { invalidClient, invalidRequest, oauthRefusal } from "./refusal.ts";
import { isNewest } from "./settings.ts";
import { headerOf, type VouchRequest } from "./vouch-request.ts";
import type { RegisteredClient, VouchWorld } from "./world.ts";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Nothing at all that would name or prove a client. */
export function isAnonymous(request: VouchRequest, form: Form): boolean {
  return (
    headerOf(request, "authorization") === undefined &&
    !["client_id", "client_secret", "client_assertion", "client_assertion_type"].some((name) =>
      form.has(name),
    )
  );
}

/**
 * Client authentication where only `private_key_jwt` will do: CA1 and CA2 of SERVER-CHECKS.md, "Client assertion
 * checks", then the assertion.
 */
export function authenticateClient(request: VouchRequest, form: Form, world: VouchWorld): RegisteredClient {
  const assertion = form.get("client_assertion");
  if (assertion === undefined) throw invalidClient();

  const basic = /^basic /i.test(headerOf(request, "authorization") ?? "");
  if (basic || form.has("client_secret")) {
    throw invalidRequest("More than one client authentication method is used");
  }
  if (form.get("client_assertion_type") !== ASSERTION_TYPE) {
    throw invalidRequest("client_assertion_type is not supported");
  }
  return authenticatedClient({ assertion, clientId: form.get("client_id"), path: request.path }, world);
}

/**
 * The grant must be in the list the client registered. Older servers answer 401.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Versions".
 */
export function requireGrant(client: RegisteredClient, grant: string, world: VouchWorld): void {
  if (client.grants.includes(grant)) return;
  const status = isNewest(world.settings.era) ? 400 : 401;
  throw oauthRefusal(status, "unauthorized_client", "The client is not registered for this grant type");
}
