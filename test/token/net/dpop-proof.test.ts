import assert from "node:assert/strict";
import { dpopProof } from "../../../token/net/dpop-proof.ts";
import { ensureClientKey } from "../../../token/vouch/sign/client-key.ts";
import { memoryKeyStore } from "../vouch/memory-key-store.ts";
import { rfc7515Entry } from "../vouch/rfc7515-key.ts";
import { openToken } from "../vouch/signed-token.ts";

describe("dpopProof", () => {
  const key = ensureClientKey(memoryKeyStore({ "client-key": rfc7515Entry() }));
  const url = new URL("https://vouch.example.test/v1/credentials/aws/token?role_arn=arn%3Aaws#top");
  const basic = {
    key,
    method: "GET",
    url,
    nowMs: 1_789_000_000_000,
    jti: "01990000-0000-7000-8000-000000000001",
  };
  const claimsOf = async (changes: object) =>
    openToken(await dpopProof({ ...basic, ...changes }), { ...key.publicJwk });

  it("is that of the worked example, up to its signature", async () => {
    // The signature there is one of many: ES256 is randomised. Header and claims, byte for byte:
    const published =
      "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZjgzT0ozRDJ4RjFCZzh2dWI5dExlMWdITXpWNzZlOFR1czl1UEh2UlZFVSIsInkiOiJ4X0ZFelJ1OW0zNkhMTl90dWU2NTlMTnBYVzZwQ3lTdGlrWWpLSVdJNWEwIiwia2lkIjoib0tJeXd2R1VwVFZUeXhNUTNid0lJZVFVdWRmcl9Da0xNakNFMTlFQ0QtVSJ9fQ.eyJqdGkiOiIwMTk5MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDEiLCJodG0iOiJHRVQiLCJodHUiOiJodHRwczovL3ZvdWNoLmV4YW1wbGUudGVzdC92MS9jcmVkZW50aWFscy9hd3MvdG9rZW4iLCJpYXQiOjE3ODkwMDAwMDAsImF0aCI6Im01amlrcGc3cEdBNFVuSlE5QWtwMFpyT3BIbUNMdXpPRk9TZ2RYeHRnbVUifQ";
    const ours = await dpopProof({ ...basic, accessToken: "EXAMPLE.ACCESS.TOKEN" });
    assert.equal(ours.slice(0, ours.lastIndexOf(".")), published);
  });

  it("names the URL without query and fragment, and only what is given", async () => {
    assert.deepEqual(await claimsOf({}), {
      header: { typ: "dpop+jwt", alg: "ES256", jwk: key.publicJwk },
      claims: {
        jti: basic.jti,
        htm: "GET",
        htu: "https://vouch.example.test/v1/credentials/aws/token",
        iat: 1_789_000_000,
      },
    });
  });

  it("carries nonce, token hash and agent when there are some", async () => {
    const { claims } = await claimsOf({
      nonce: "n-1",
      accessToken: "EXAMPLE.ACCESS.TOKEN",
      agent: "claude-code",
    });
    const { nonce, ath, source } = claims;
    assert.deepEqual(
      { nonce, ath, source },
      { nonce: "n-1", ath: "m5jikpg7pGA4UnJQ9Akp0ZrOpHmCLuzOFOSgdXxtgmU", source: "claude-code" },
    );
  });
});
