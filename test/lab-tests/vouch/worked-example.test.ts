import assert from "node:assert/strict";
import { createHash, verify } from "node:crypto";
import { publicKeyOf, thumbprintOf } from "../../lab/vouch/jwk.ts";
import { parseJws, verifyJws } from "../../lab/vouch/jws.ts";
import { signatureBase } from "../../lab/vouch/signature-base.ts";
import { parseDictionary } from "../../lab/vouch/structured-fields.ts";
import { assertWith, makeSecurityKey } from "./hand-security-key.ts";
import { contentDigest } from "./hand-signature.ts";

/** Vector: token/vouch/VOUCH-PROTOCOL.md, "Worked example", on the published key of RFC 7515, A.3. */
const JWK = {
  kty: "EC",
  crv: "P-256",
  x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
  y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
};
const KID = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";
const PROOF =
  "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZjgzT0ozRDJ4RjFCZzh2dWI5" +
  "dExlMWdITXpWNzZlOFR1czl1UEh2UlZFVSIsInkiOiJ4X0ZFelJ1OW0zNkhMTl90dWU2NTlMTnBYVzZwQ3lTdGlrWWpLSVdJNWEwIiwia2lkIjoib0tJ" +
  "eXd2R1VwVFZUeXhNUTNid0lJZVFVdWRmcl9Da0xNakNFMTlFQ0QtVSJ9fQ.eyJqdGkiOiIwMTk5MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwM" +
  "DEiLCJodG0iOiJHRVQiLCJodHUiOiJodHRwczovL3ZvdWNoLmV4YW1wbGUudGVzdC92MS9jcmVkZW50aWFscy9hd3MvdG9rZW4iLCJpYXQiOjE3ODkwM" +
  "DAwMDAsImF0aCI6Im01amlrcGc3cEdBNFVuSlE5QWtwMFpyT3BIbUNMdXpPRk9TZ2RYeHRnbVUifQ.I5ADcV1YobWoGOJElblwS-HYb2LyQvaZcITyVm" +
  "Mfm3osno3c1eSBa4WEWXdVDed6zjdVQqA4peKUj2AJcbPT1A";
const SIGNATURE =
  "MEQCIECqLZPh4MYlpt8ogEZGmvXvl6HlVxM/TNae4g5YaEYuAiBYvCT2oziZWIV3gRpnP++WEXmEv90A14S/kQgapYacwA==";

const sha256 = (data: string | Buffer) => createHash("sha256").update(data);

describe("the worked example of the Vouch protocol", () => {
  it("has the kid and the ath that it says", () => {
    assert.equal(thumbprintOf(JWK), KID);
    assert.equal(parseJws(PROOF)?.claims["ath"], sha256("EXAMPLE.ACCESS.TOKEN").digest("base64url"));
  });

  it("has a DPoP proof that verifies", () => {
    const jws = parseJws(PROOF);
    const key = publicKeyOf(JWK);
    assert.ok(jws !== undefined && key !== undefined);
    assert.equal(verifyJws(jws, "ES256", key), true);
    assert.equal(verifyJws({ ...jws, signingInput: Buffer.from("x") }, "ES256", key), false);
  });

  it("has the signature base whose hash it gives, and a DER signature over it", () => {
    const covered = parseDictionary(
      'sig1=("@method" "@authority" "@path" "@query" "authorization" "dpop");alg="ecdsa-p256-sha256"' +
        `;created=1789000000;keyid="${KID}"`,
    )?.get("sig1");
    assert.equal(covered?.kind, "inner-list");
    const base = signatureBase(covered as Parameters<typeof signatureBase>[0], {
      method: "GET",
      path: "/v1/credentials/aws/token",
      query: "?role_arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FDev",
      headers: {
        host: ["Vouch.Example.test:443"],
        authorization: ["DPoP EXAMPLE.ACCESS.TOKEN"],
        dpop: [PROOF],
      },
      body: Buffer.alloc(0),
    });
    assert.equal(
      sha256(base ?? "").digest("hex"),
      "91cac604412ac8b66a54531225aed98fa252336b6887cad109727981f46c4cfd",
    );
    const key = publicKeyOf(JWK);
    assert.ok(key !== undefined && base !== undefined);
    assert.equal(verify("sha256", Buffer.from(base), key, Buffer.from(SIGNATURE, "base64")), true);
  });

  it("has the RP-ID hash and the client data that our hand-made key makes, too", () => {
    const challenge = Buffer.alloc(32, 7).toString("base64url");
    const { authenticatorData, clientDataJson } = assertWith(makeSecurityKey(), {
      rpId: "vouch.example.test",
      challenge,
      flags: 5,
      counter: 1,
      type: "webauthn.get",
      origin: "https://vouch.example.test",
    });
    assert.equal(
      authenticatorData.toString("hex", 0, 32),
      "b712799a75ba9d60980d4f3df463ca97ed547df633778b5d149e93099727ff32",
    );
    assert.equal(clientDataJson.length, 139);
    assert.equal(
      sha256(clientDataJson).digest("hex"),
      "2e07749da5a075dda613ca6219929fa6a295b3914a3dd3927faba12c59c9e72d",
    );
  });

  it("has the content digest that our hand-made client makes, too", () => {
    assert.equal(contentDigest('{"name":"k"}'), "sha-256=:GJPXOGmCK5A2mVdkt0LzB4e3G05IYJj7jKM8qAusJFk=:");
  });
});
