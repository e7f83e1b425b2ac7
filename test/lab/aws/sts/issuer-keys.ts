import type { JsonWebKey } from "node:crypto";
import { request } from "node:https";
import type { OidcProvider } from "../../model.ts";
import { AwsFailure } from "../failure.ts";
import { invalidToken } from "./json-web-token.ts";

/** How long STS waits for an issuer in the lab, in milliseconds. */
const TIMEOUT_MS = 30_000;

/**
 * The issuer's public key with this id, fetched again each time so that a test may change the keys.
 *
 * An issuer that cannot be reached is a communication error, which SDKs try again; one that answers without the key
 * is not.
 */
export async function fetchIssuerKey(provider: OidcProvider, keyId: unknown): Promise<JsonWebKey> {
  const body = await fetchText(provider).catch(() => {
    throw new AwsFailure(
      "IDPCommunicationError",
      400,
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  });
  const key = keysIn(body).find((candidate) => candidate["kid"] === keyId && candidate["kty"] === "RSA");
  if (!key) {
    throw invalidToken(
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
  return key;
}

function keysIn(body: string): JsonWebKey[] {
  try {
    const document: unknown = JSON.parse(body);
    const keys = typeof document === "object" && document !== null && "keys" in document ? document.keys : [];
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

/** The answer's body, or an empty text for any status but 200. */
function fetchText({ jwksUrl, ca }: OidcProvider): Promise<string> {
  return new Promise((resolve, reject) => {
    const get = request(jwksUrl, { ca, timeout: TIMEOUT_MS, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(response.statusCode === 200 ? text : ""));
      response.on("error", reject);
    });
    get.on("timeout", () => get.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    get.on("error", reject);
    get.end();
  });
}
