import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:https";
import { listenOnLoopback } from "../../lab/loopback.ts";
import type { LabCa } from "../../lab/tls.ts";
import { NOON } from "./aws-lab.ts";

/** A tiny OpenID provider: keys at /oauth/jwks, and tokens as the Vouch server makes them. */
export interface TestIssuer {
  readonly url: string;
  /** Status and body of the key document, for tests to spoil. */
  answer: { status: number; body: string };
  /** An RS256 token; claims given here replace the usual ones, undefined removes one. */
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>): string;
  /** The same, signed with a key that is not published. */
  forgedToken(): string;
  close(): Promise<void>;
}

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
const OTHER_KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });

export async function startIssuer(ca: LabCa): Promise<TestIssuer> {
  const key = { ...KEYS.publicKey.export({ format: "jwk" }), kid: "key-1", alg: "RS256", use: "sig" };
  const server = createServer(await ca.issue(["localhost"]), (request, response) => {
    response.writeHead(request.url === "/oauth/jwks" ? issuer.answer.status : 404);
    response.end(issuer.answer.body);
  });
  const { port, close } = await listenOnLoopback(server);
  const url = `https://localhost:${port}`;
  const issuer: TestIssuer = {
    url,
    answer: { status: 200, body: JSON.stringify({ keys: [key] }) },
    token: (claims = {}, header = {}) => signed({ ...usualClaims(url), ...claims }, header, KEYS.privateKey),
    forgedToken: () => signed(usualClaims(url), {}, OTHER_KEYS.privateKey),
    close,
  };
  return issuer;
}

/** Source: token/vouch/VOUCH-PROTOCOL.md, "ID token for AWS". */
function usualClaims(url: string): Record<string, unknown> {
  return {
    iss: url,
    aud: url,
    sub: "ada@example.com",
    email: "ada@example.com",
    iat: NOON / 1000,
    exp: NOON / 1000 + 28_800,
    "https://aws.amazon.com/source_identity": "ada@example.com",
    "https://aws.amazon.com/tags": {
      principal_tags: { "vouch:Email": ["ada@example.com"], "vouch:Domain": ["example.com"] },
      transitive_tag_keys: ["vouch:Email", "vouch:Domain"],
    },
  };
}

function signed(claims: object, header: object, key: KeyObject): string {
  const parts = [{ alg: "RS256", kid: "key-1", typ: "JWT", ...header }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString("base64url"),
  );
  const text = parts.join(".");
  return `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
}
