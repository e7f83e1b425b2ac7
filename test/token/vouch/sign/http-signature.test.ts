import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { ensureClientKey } from "../../../../token/vouch/sign/client-key.ts";
import {
  type HttpSignatureInput,
  httpSignature,
  SIGNATURE_ENCODING,
  signatureBase,
} from "../../../../token/vouch/sign/http-signature.ts";
import { memoryKeyStore } from "../memory-key-store.ts";
import { RFC7515_KID, rfc7515Entry } from "../rfc7515-key.ts";

const key = ensureClientKey(memoryKeyStore({ "client-key": rfc7515Entry() }));
const publicKey = createPublicKey(key.privateKey);

// Source: token/vouch/VOUCH-PROTOCOL.md, "Worked example".
const PROOF =
  "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZjgzT0ozRDJ4RjFCZzh2dWI5dExlMWdITXpWNzZlOFR1czl1UEh2UlZFVSIsInkiOiJ4X0ZFelJ1OW0zNkhMTl90dWU2NTlMTnBYVzZwQ3lTdGlrWWpLSVdJNWEwIiwia2lkIjoib0tJeXd2R1VwVFZUeXhNUTNid0lJZVFVdWRmcl9Da0xNakNFMTlFQ0QtVSJ9fQ.eyJqdGkiOiIwMTk5MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJodG0iOiJHRVQiLCJodHUiOiJodHRwczovL3ZvdWNoLmV4YW1wbGUudGVzdC92MS9jcmVkZW50aWFscy9hd3MvdG9rZW4iLCJpYXQiOjE3ODkwMDAwMDAsImF0aCI6Im01amlrcGc3cEdBNFVuSlE5QWtwMFpyT3BIbUNMdXpPRk9TZ2RYeHRnbVUifQ.I5ADcV1YobWoGOJElblwS-HYb2LyQvaZcITyVmMfm3osno3c1eSBa4WEWXdVDed6zjdVQqA4peKUj2AJcbPT1A";
const BASE_SHA256 = "91cac604412ac8b66a54531225aed98fa252336b6887cad109727981f46c4cfd";
const PUBLISHED =
  "MEQCIECqLZPh4MYlpt8ogEZGmvXvl6HlVxM/TNae4g5YaEYuAiBYvCT2oziZWIV3gRpnP++WEXmEv90A14S/kQgapYacwA==";
const PARAMETERS = `("@method" "@authority" "@path" "@query" "authorization" "dpop");alg="ecdsa-p256-sha256";created=1789000000;keyid="${RFC7515_KID}"`;
const COMPONENTS = {
  "@method": "GET",
  "@authority": "vouch.example.test",
  "@path": "/v1/credentials/aws/token",
  "@query": "?role_arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FDev",
  authorization: "DPoP EXAMPLE.ACCESS.TOKEN",
  dpop: PROOF,
};

const EXAMPLE: HttpSignatureInput = {
  key,
  method: "GET",
  url: new URL(
    "https://vouch.example.test/v1/credentials/aws/token?role_arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FDev",
  ),
  authorization: "DPoP EXAMPLE.ACCESS.TOKEN",
  dpop: PROOF,
  nowMs: 1_789_000_000_999,
  encoding: SIGNATURE_ENCODING,
};

function verifies(headers: Record<string, string>, base: string, dsaEncoding: "der" | "ieee-p1363"): boolean {
  const bytes = Buffer.from(headers["signature"]?.slice("sig1=:".length, -1) ?? "", "base64");
  return verify("sha256", Buffer.from(base), { key: publicKey, dsaEncoding }, bytes);
}

describe("signatureBase", () => {
  it("is that of the worked example", () => {
    const base = signatureBase(COMPONENTS, PARAMETERS);
    assert.equal(createHash("sha256").update(base).digest("hex"), BASE_SHA256);
    assert.ok(verify("sha256", Buffer.from(base), publicKey, Buffer.from(PUBLISHED, "base64")));
  });
});

describe("httpSignature", () => {
  it("signs the worked example in DER", () => {
    const headers = httpSignature(EXAMPLE);
    assert.deepEqual(Object.keys(headers), ["signature-input", "signature"]);
    assert.equal(headers["signature-input"], `sig1=${PARAMETERS}`);
    assert.match(headers["signature"] ?? "", /^sig1=:[A-Za-z0-9+/]+={0,2}:$/);

    const base = signatureBase(COMPONENTS, PARAMETERS);
    assert.equal(verifies(headers, base, "der"), true);
    assert.equal(verifies(headers, base, "ieee-p1363"), false);
  });

  it("writes r||s at the turn of one switch", () => {
    const headers = httpSignature({ ...EXAMPLE, encoding: "ieee-p1363" });
    assert.equal(verifies(headers, signatureBase(COMPONENTS, PARAMETERS), "ieee-p1363"), true);
  });

  it("quotes the server's nonce last, and signs it", () => {
    const headers = httpSignature({ ...EXAMPLE, nonce: "n-1" });
    const parameters = `${PARAMETERS};nonce="n-1"`;
    assert.equal(headers["signature-input"], `sig1=${parameters}`);
    assert.equal(verifies(headers, signatureBase(COMPONENTS, parameters), "der"), true);
  });

  it("covers type and digest of a body", () => {
    const content = { type: "application/json", body: '{"name":"k"}' };
    const headers = httpSignature({ ...EXAMPLE, content });
    const digest = "sha-256=:GJPXOGmCK5A2mVdkt0LzB4e3G05IYJj7jKM8qAusJFk=:";
    assert.equal(headers["content-digest"], digest);

    const parameters = PARAMETERS.replace('"dpop")', '"dpop" "content-type" "content-digest")');
    assert.equal(headers["signature-input"], `sig1=${parameters}`);
    const components = { ...COMPONENTS, "content-type": "application/json", "content-digest": digest };
    assert.equal(verifies(headers, signatureBase(components, parameters), "der"), true);
  });

  it("writes a lone question mark for no query, and a port that is not the usual one", () => {
    const headers = httpSignature({ ...EXAMPLE, url: new URL("https://Vouch.Example.Test:8443/v1/keys") });
    const components = {
      ...COMPONENTS,
      "@authority": "vouch.example.test:8443",
      "@path": "/v1/keys",
      "@query": "?",
    };
    assert.equal(verifies(headers, signatureBase(components, PARAMETERS), "der"), true);
  });
});
