import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { SignJWT } from "jose";
import { ours } from "../../command/command.ts";
import { withCommands } from "../../command/sentence.ts";
import { VouchError } from "../../errors/errors.ts";
import type { KeyStore } from "../../keystore/key-store.ts";

/** Its name in the key store. One key is used for all servers. Source: VOUCH-PROTOCOL.md, "Client key". */
const ENTRY = "client-key";

interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

/** This machine's P-256 key: signs client assertions, DPoP proofs and HTTP messages. */
export interface ClientKey {
  /** The RFC 7638 thumbprint: sessions are bound to it, and registrations name it. */
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly privateKey: KeyObject;
}

/** The key, or undefined if there is none yet. */
export function loadClientKey(keyStore: KeyStore): ClientKey | undefined {
  const text = keyStore.read(ENTRY);
  return text === undefined ? undefined : parseClientKey(text);
}

/** The key; created and stored if there is none. */
export function ensureClientKey(keyStore: KeyStore): ClientKey {
  const key = loadClientKey(keyStore);
  if (key !== undefined) return key;

  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  keyStore.write(ENTRY, storedForm(privateKey));
  // Read back: if two logins run at once, both continue with the key that was stored last.
  const kept = loadClientKey(keyStore);
  if (kept === undefined) throw unusable("could not be stored");
  return kept;
}

/** The form of VOUCH-PROTOCOL.md, "Client key": a public JWK and, next to it, the private key as PKCS#8. */
function storedForm(privateKey: KeyObject): string {
  const pkcs8 = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64url");
  return JSON.stringify({ ...publicJwkOf(privateKey), pkcs8 });
}

function parseClientKey(text: string): ClientKey {
  const { kid, privateKey } = parseStored(text);
  const publicJwk = publicJwkOf(privateKey);
  if (kid !== publicJwk.kid) throw unusable("does not match its own fingerprint");
  return { kid: publicJwk.kid, publicJwk, privateKey };
}

function parseStored(text: string): { readonly kid: unknown; readonly privateKey: KeyObject } {
  try {
    const { kid, pkcs8 } = JSON.parse(text);
    const key = createPrivateKey({ key: Buffer.from(pkcs8, "base64url"), format: "der", type: "pkcs8" });
    if (key.asymmetricKeyDetails?.namedCurve === "prime256v1") return { kid, privateKey: key };
  } catch {
    // Neither the text nor the parser's message about it may be shown: both can contain the key.
  }
  throw unusable("cannot be read");
}

function publicJwkOf(privateKey: KeyObject): PublicJwk {
  const { x = "", y = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return { kty: "EC", crv: "P-256", x, y, kid: thumbprint(x, y) };
}

/** Source: RFC 7638, 3.1: these members, in this order, without spaces. */
function thumbprint(x: string, y: string): string {
  return createHash("sha256").update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).digest("base64url");
}

function unusable(what: string): VouchError {
  return new VouchError("key-store-failed", `This machine's client key in the key store ${what}.`, {
    hint: withCommands`Remove entry ${ENTRY} from the key store; ${ours("login")} creates a new one.`,
  });
}

/** Source: VOUCH-PROTOCOL.md, "Names". */
const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Lifetime of an assertion, in seconds. Source: VOUCH-PROTOCOL.md, "Times"; the server allows 300. */
const LIFETIME_S = 60;

interface ClientAssertionInput {
  readonly key: ClientKey;
  readonly clientId: string;
  /** The server's address in its own spelling; no path, whatever the endpoint. */
  readonly audience: string;
  readonly nowMs: number;
  /** Never used before, not even in the attempt that this one repeats. */
  readonly jti: string;
}

/**
 * The form fields that identify the client, proved with its key.
 * Source: VOUCH-PROTOCOL.md, "Client assertion".
 */
export async function clientAssertion(input: ClientAssertionInput): Promise<Record<string, string>> {
  const { key, clientId, audience, nowMs, jti } = input;
  const iat = Math.floor(nowMs / 1000);
  const claims = { iss: clientId, sub: clientId, aud: audience, jti, iat, exp: iat + LIFETIME_S };

  const jwt = new SignJWT(claims).setProtectedHeader({ typ: "JWT", alg: "ES256", kid: key.kid });
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: await jwt.sign(key.privateKey) };
}
