import type { LabWorld, OidcProvider } from "../../model.ts";
import { parseArn } from "../arn.ts";
import { AwsFailure } from "../failure.ts";
import { listed } from "../policy/wildcard.ts";
import { fetchIssuerKey } from "./issuer-keys.ts";
import { invalidToken, parseToken, requireSignature } from "./json-web-token.ts";
import type { SessionMarks } from "./session-tags.ts";

/** Somebody for whom an OIDC provider vouches. */
export interface WebIdentity {
  readonly provider: OidcProvider;
  readonly subject: string;
  readonly audience: string;
  /** Authentication methods: claim `amr`. */
  readonly methods: readonly string[];
  readonly marks: SessionMarks;
  /** True when the token names the role that is asked for; false when it names none. */
  readonly roleAuthorized: boolean;
}

/** A token that was made this much ahead of our clock is still taken, in seconds. Not told by AWS; as its sources saw it. */
const LEEWAY_SECONDS = 300;
const CLAIMS = {
  roles: "https://aws.amazon.com/roles",
  tags: "https://aws.amazon.com/tags",
  sourceIdentity: "https://aws.amazon.com/source_identity",
} as const;

/**
 * Judges an ID token for a role, in the order of AWS's refusals.
 *
 * The provider is looked up in the role's account. Only the issuer's keys are fetched, never its discovery document:
 * the world says where they are.
 */
export async function verifyWebIdentity(
  world: LabWorld,
  request: { readonly token: string; readonly roleArn: string },
  now: Date,
): Promise<WebIdentity> {
  const token = parseToken(request.token);
  const { claims } = token;
  for (const name of ["iss", "sub", "aud", "iat", "exp"]) {
    if (claims[name] === undefined) throw invalidToken(`Missing a required claim: ${name}`);
  }
  const issuer = String(claims["iss"]);
  const provider = findProvider(world, parseArn(request.roleArn)?.account, issuer);
  if (!provider) throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  requireAge(claims, Math.floor(now.getTime() / 1000));
  requireSignature(token, await fetchIssuerKey(provider, token.header["kid"]));
  const audience = listed(claims["aud"])
    .map(String)
    .find((aud) => provider.clientIds.includes(aud));
  if (audience === undefined) throw invalidToken("Incorrect token audience");

  return {
    provider,
    subject: String(claims["sub"]),
    audience,
    methods: claims["amr"] === undefined ? [] : listed(claims["amr"]).map(String),
    marks: marksIn(claims),
    roleAuthorized: isAuthorized(claims[CLAIMS.roles], request.roleArn),
  };
}

function findProvider(
  world: LabWorld,
  account: string | undefined,
  issuer: string,
): OidcProvider | undefined {
  return [...world.oidcProviders.values()].find(
    ({ arn, url }) => parseArn(arn)?.account === account && `https://${url}` === issuer,
  );
}

function requireAge(claims: Readonly<Record<string, unknown>>, now: number): void {
  const expires = Number(claims["exp"]);
  if (!(now < expires)) {
    throw new AwsFailure(
      "ExpiredTokenException",
      400,
      `Token expired: current date/time ${now} must be before the expiration date/time ${expires}`,
    );
  }
  for (const name of ["iat", "nbf"]) {
    if (Number(claims[name] ?? 0) > now + LEEWAY_SECONDS)
      throw invalidToken(`Token ${name} is in the future`);
  }
}

/** A roles claim pins the token: exact ARNs in a list, or in one text with semicolons. No wildcards. */
function isAuthorized(claim: unknown, roleArn: string): boolean {
  if (claim === undefined) return false;
  const roles = typeof claim === "string" ? claim.split(";") : listed(claim).map(String);
  if (roles.some((role) => role.trim() === roleArn)) return true;
  throw invalidToken("The target role ARN is not present in the roles claim of the identity token");
}

function marksIn(claims: Readonly<Record<string, unknown>>): SessionMarks {
  const tags: Record<string, string> = {};
  const claim = claims[CLAIMS.tags] ?? {};
  if (!isObject(claim)) throw invalidToken("Session tags passed in claim are not in correct format.");
  const principalTags = claim["principal_tags"] ?? {};
  if (!isObject(principalTags))
    throw invalidToken("principal_tags passed in claim is not in correct format.");
  for (const [key, value] of Object.entries(principalTags)) {
    if (!Array.isArray(value) || value.length !== 1 || typeof value[0] !== "string") {
      throw invalidToken("principal_tags passed in claim is not in correct format.");
    }
    tags[key] = value[0];
  }
  const transitiveTagKeys = claim["transitive_tag_keys"] ?? [];
  if (!Array.isArray(transitiveTagKeys) || transitiveTagKeys.some((key) => !(String(key) in tags))) {
    throw invalidToken("transitive_tag_keys passed in claim is not in correct format.");
  }
  return { tags, transitiveTagKeys: transitiveTagKeys.map(String), sourceIdentity: sourceIdentityIn(claims) };
}

function sourceIdentityIn(claims: Readonly<Record<string, unknown>>): string | undefined {
  const claim = claims[CLAIMS.sourceIdentity];
  if (claim === undefined) return undefined;
  if (typeof claim === "string" && /^[\w+=,.@-]{2,64}$/.test(claim)) return claim;
  throw invalidToken("The source identity claim is invalid.");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
