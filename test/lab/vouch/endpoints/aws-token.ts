import { idTokenClaims } from "../id-token.ts";
import type { JsonObject } from "../json-object.ts";
import { signJws } from "../jws.ts";
import { apiRefusal } from "../refusal.ts";
import { jsonReply, NO_STORE, type Reply } from "../reply.ts";
import { type ResourceCaller, resourceCaller } from "../resource-token.ts";
import { sharedRsaKey } from "../signing-keys.ts";
import type { VouchRequest } from "../vouch-request.ts";
import type { VouchWorld } from "../world.ts";

/** Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS". */
const MAX_ROLE_ARN = 2048;
const ROLE_ARN = /^arn:[a-z][a-z0-9-]*:iam::\d{12}:role\/[\w+=,.@/-]*[\w+=,.@-]$/;

/**
 * `GET /v1/credentials/aws/token`. The role's syntax is looked at before the token.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS".
 */
export async function awsToken(request: VouchRequest, world: VouchWorld): Promise<Reply> {
  const roleArn = pinnedRole(request);
  const caller = resourceCaller(request, world);
  const { session } = caller;
  const user = world.users.get(session.user.id);
  if (!session.hardwareVerified) {
    throw apiRefusal(403, "hardware_required", "This session was not verified with a security key");
  }
  if (user === undefined) throw apiRefusal(404, "user_not_found", "User not found");
  if (!user.active) throw apiRefusal(401, "unauthorized", "The account is deactivated");
  if (world.faults.noRsaKey) throw apiRefusal(501, "rsa_key_unavailable", "This server has no RSA key");

  const lifetime = world.settings.sessionSeconds;
  const { kid, privateKey } = await sharedRsaKey();
  const claims = {
    ...idTokenClaims(session, lifetime, world),
    ...awsClaims(caller, world.faults.ignoreRoleArn ? undefined : roleArn),
  };
  world.counts.awsTokens += 1;
  const idToken = signJws({ typ: "JWT", alg: "RS256", kid }, claims, privateKey);
  return jsonReply(200, { id_token: idToken, expires_in: lifetime }, NO_STORE);
}

function pinnedRole(request: VouchRequest): string | undefined {
  const roles = new URLSearchParams(request.query).getAll("role_arn");
  const [role] = roles;
  if (role === undefined) return undefined;
  if (roles.length > 1 || role.length > MAX_ROLE_ARN || !ROLE_ARN.test(role)) {
    throw apiRefusal(400, "invalid_role_arn", "role_arn must be the ARN of an IAM role");
  }
  return role;
}

/**
 * Source identity, session tags and pin. Each tag that is there is transitive.
 * Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS".
 */
function awsClaims({ session, source }: ResourceCaller, roleArn: string | undefined): JsonObject {
  const { email, domain } = session.user;
  const tags = {
    "vouch:Email": [email],
    ...(domain === undefined ? {} : { "vouch:Domain": [domain] }),
    ...(source === undefined ? {} : { "vouch:AccessType": ["ai"], "vouch:Agent": [source] }),
  };
  return {
    "https://aws.amazon.com/source_identity": email,
    "https://aws.amazon.com/tags": { principal_tags: tags, transitive_tag_keys: Object.keys(tags) },
    ...(roleArn === undefined ? {} : { "https://aws.amazon.com/roles": [roleArn] }),
  };
}
