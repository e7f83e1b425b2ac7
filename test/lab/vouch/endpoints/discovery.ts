import { DEVICE_GRANT, EXCHANGE_GRANT, FIDO2_GRANT } from "../grants.ts";
import { jsonReply, type Reply } from "../reply.ts";
import { sharedRsaKey } from "../signing-keys.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";

/**
 * The discovery document, under both of its paths. The challenge endpoint is not in it.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "Paths and discovery".
 */
export function discovery(_request: VouchRequest, world: VouchWorld): Reply {
  const { url } = world.settings;
  const algorithms = ["ES256", "PS256", "EdDSA"];
  return jsonReply(200, {
    issuer: url,
    authorization_endpoint: `${url}/oauth/authorize`,
    token_endpoint: `${url}/oauth/token`,
    userinfo_endpoint: `${url}/oauth/userinfo`,
    jwks_uri: `${url}/oauth/jwks`,
    revocation_endpoint: `${url}/oauth/revoke`,
    introspection_endpoint: `${url}/oauth/introspect`,
    device_authorization_endpoint: `${url}/oauth/device`,
    registration_endpoint: null,
    scopes_supported: ["openid", "email"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", DEVICE_GRANT, EXCHANGE_GRANT, FIDO2_GRANT],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: world.faults.noRsaKey ? ["ES256"] : ["ES256", "RS256"],
    token_endpoint_auth_methods_supported: ["private_key_jwt"],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "email", "email_verified", "hardware_verified"],
    code_challenge_methods_supported: ["S256"],
    dpop_signing_alg_values_supported: algorithms,
    acr_values_supported: ["urn:nist:authentication:assurance-level:aal3"],
    authorization_response_iss_parameter_supported: true,
    resource_indicators_supported: true,
  });
}

/** `GET /oauth/jwks`: the ES256 key, and the RSA key of the AWS tokens, if there is one. */
export async function jwks(_request: VouchRequest, world: VouchWorld): Promise<Reply> {
  const rsaKeys = world.faults.noRsaKey ? [] : [(await sharedRsaKey()).jwk];
  return jsonReply(200, { keys: [world.ecKey.jwk, ...rsaKeys] });
}
