import { authenticateClient, requireGrant } from "./client-authentication.ts";
import type { DpopProof } from "./dpop-proof.ts";
import type { Form } from "./form.ts";
import { requireSenderConstraint, tokenEndpointProof } from "./token-endpoint-proof.ts";
import type { VouchRequest } from "./vouch-request.ts";
import type { RegisteredClient, VouchWorld } from "./world.ts";

export interface TokenRequest {
  readonly request: VouchRequest;
  readonly form: Form;
  readonly grant: string;
}

export interface GrantAuthentication {
  readonly client: RegisteredClient;
  readonly proof: DpopProof | undefined;
}

/**
 * Who asks at the token endpoint, and with which key. Which of the two is looked at first differs between versions
 * (SERVER-CHECKS.md, "Login grant checks", after F16); a client that makes everything again for a retry cannot tell.
 */
export function authenticateGrant(asked: TokenRequest, world: VouchWorld): GrantAuthentication {
  const { request, form, grant } = asked;
  const authenticate = () => {
    const client = authenticateClient(request, form, world);
    requireGrant(client, grant, world);
    return client;
  };

  if (world.settings.clientAuthOrder === "dpop-first") {
    const proof = tokenEndpointProof(request, world);
    const client = authenticate();
    requireSenderConstraint(client, proof);
    return { client, proof };
  }
  const client = authenticate();
  const proof = tokenEndpointProof(request, world);
  requireSenderConstraint(client, proof);
  return { client, proof };
}
