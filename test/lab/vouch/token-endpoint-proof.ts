import { type DpopProof, ProofProblem, readProof } from "./dpop-proof.ts";
import { invalidRequest, Refusal } from "./refusal.ts";
import { jsonReply } from "./reply.ts";
import type { VouchRequest } from "./vouch-request.ts";
import type { RegisteredClient, VouchWorld } from "./world.ts";

/** The proof at `/oauth/token`, which must carry a nonce. Undefined when there is none. */
export function tokenEndpointProof(request: VouchRequest, world: VouchWorld): DpopProof | undefined {
  try {
    return readProof(request, { kind: "token-endpoint" }, world);
  } catch (error) {
    if (!(error instanceof ProofProblem)) throw error;
    const headers = error.code === "use_dpop_nonce" ? demandedNonce(world) : {};
    throw new Refusal(jsonReply(400, { error: error.code, error_description: error.message }, headers));
  }
}

function demandedNonce(world: VouchWorld): Record<string, string> {
  return world.faults.dropDemandedNonce ? {} : { "DPoP-Nonce": world.nonces.issue() };
}

/** A client registered for bound tokens must bring a proof. Source: SERVER-CHECKS.md, "DPoP checks". */
export function requireSenderConstraint(client: RegisteredClient, proof: DpopProof | undefined): void {
  if (client.fapi && proof === undefined) throw invalidRequest("This client must send a DPoP proof");
}
