import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { AwsFailure } from "../failure.ts";

/** A token as it was signed; nothing in it has been believed yet. */
export interface JsonWebToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** The first two parts, over which the signature is. */
  readonly signedText: string;
  readonly signature: Buffer;
}

/** `InvalidIdentityToken`: whatever is wrong with a web identity token but its age. */
export function invalidToken(message: string): AwsFailure {
  return new AwsFailure("InvalidIdentityToken", 400, message);
}

export function parseToken(text: string): JsonWebToken {
  const [header, claims, signature, ...more] = text.split(".");
  const parsed = { header: parsedPart(header), claims: parsedPart(claims) };
  if (!parsed.header || !parsed.claims || !signature || more.length > 0) {
    throw invalidToken(
      "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
    );
  }
  return {
    header: parsed.header,
    claims: parsed.claims,
    signedText: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

/** RS256 alone, as the Vouch server signs: real STS takes more, and never `none`. */
export function requireSignature(token: JsonWebToken, key: JsonWebKey): void {
  const publicKey = createPublicKey({ key, format: "jwk" });
  const valid =
    token.header["alg"] === "RS256" &&
    publicKey.asymmetricKeyType === "rsa" &&
    verify("RSA-SHA256", Buffer.from(token.signedText), publicKey, token.signature);
  if (!valid) throw invalidToken("Token signature invalid");
}

function parsedPart(part: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
