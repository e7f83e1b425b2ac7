import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type SignedChanges, suiteBench } from "./bench.ts";
import { compactJws, es256, makeHandKey } from "./hand-jws.ts";
import { contentDigest, signatureHeaders } from "./hand-signature.ts";

const PATH = "/v1/credentials/aws/token?role_arn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fdev";
const START = "/v1/keys/register/start";
const BODY = '{"name":"k"}';
const REFUSED = "401 signature verification failed";

describe("HTTP message signature at the Vouch stand-in", () => {
  const bench = suiteBench();
  let token: string;
  beforeEach(async () => {
    token = await bench.accessToken();
  });

  const get = (changes: SignedChanges = {}) => bench.signed(PATH, { token, ...changes });
  const post = (changes: SignedChanges = {}) =>
    bench.signed(START, { token, method: "POST", body: BODY, ...changes });
  const withParameters = async (parameters: string) => (await get({ signature: { parameters } })).outcome;
  const parameters = (changes: { created?: number; more?: string } = {}) =>
    `;created=${changes.created ?? bench.now};keyid="${bench.key.jwk.kid}"${changes.more ?? ""}`;

  it("S1: must be there, and says what to cover", async () => {
    const unsigned = { "Signature-Input": undefined };
    const answers = [await get({ after: unsigned }), await post({ after: unsigned })];
    assert.deepEqual(
      answers.map(({ outcome, headers }) => [outcome, headers["accept-signature"]]),
      [
        [REFUSED, 'sig1=("@method" "@authority" "@path" "@query" "authorization");alg="ecdsa-p256-sha256"'],
        [
          REFUSED,
          'sig1=("@method" "@authority" "@path" "@query" "authorization" "content-digest");alg="ecdsa-p256-sha256"',
        ],
      ],
    );
    assert.equal(answers[0]?.headers["content-type"], "text/plain; charset=utf-8");
  });

  it("S1: is wanted for every other path under /v1, known or not", async () => {
    assert.equal((await bench.get("/v1/anything")).outcome, REFUSED);
    assert.equal((await bench.get("/v1/credentials/ssh/ca")).outcome, "404");
    assert.equal((await bench.get("/v1/credentials/ssh/krl/7")).outcome, "404");
    assert.equal((await bench.get("/v1/auth/status")).outcome, "200");
  });

  for (const input of ["sig1=(", 'sig1="@method"', "", "sig1=();created", "Sig1=()", "sig1=(),"]) {
    it(`S2: is refused with Signature-Input ${JSON.stringify(input)}`, async () => {
      const { outcome, headers } = await get({ after: { "Signature-Input": input } });
      assert.deepEqual([outcome, headers["accept-signature"]], [REFUSED, undefined]);
    });
  }

  it("S3: must name a key, as a string", async () => {
    assert.equal(await withParameters(`;created=${bench.now}`), REFUSED);
    assert.equal(
      await withParameters(`;created=${bench.now};keyid=${bench.key.jwk.kid.replace(/^/, "a")}`),
      REFUSED,
    );
  });

  it("S4: is refused with a key that the token's client did not register", async () => {
    const stranger = makeHandKey();
    assert.equal((await get({ key: stranger })).outcome, REFUSED);
    const kid = bench.key.jwk.kid;
    const impostor = { ...stranger, jwk: { ...stranger.jwk, kid } };
    assert.equal((await get({ key: impostor })).outcome, REFUSED);
  });

  it("S4: is refused without a token, with one of an unknown client, or when the client is gone", async () => {
    const forged = compactJws({ alg: "ES256" }, { client_id: "nobody" }, es256(bench.key));
    assert.equal((await get({ token: forged })).outcome, REFUSED);
    assert.equal((await get({ scheme: "Basic" })).outcome, REFUSED);
    bench.standIn.forgetClients();
    assert.equal((await get()).outcome, REFUSED);
  });

  it("S5: must have the label of its input, and be bytes", async () => {
    for (const value of [undefined, "", "sig2=:AAAA:", 'sig1="AAAA"', "sig1=(:AAAA:)"]) {
      assert.equal((await get({ after: { Signature: value } })).outcome, REFUSED);
    }
  });

  it("S5: must not be a string, even of the right signature", async () => {
    const message = { key: bench.key, method: "GET", authority: "", target: PATH, headers: {}, body: "" };
    const changes = { components: ["@method", "@path"] };
    const good = signatureHeaders({ ...message, created: bench.now }, changes);
    assert.equal((await get({ after: good })).outcome, "200");
    const Signature = good["Signature"]?.replaceAll(":", '"');
    assert.equal((await get({ after: { ...good, Signature } })).outcome, REFUSED);
  });

  it("S6: needs no alg, but no other one either", async () => {
    assert.equal(await withParameters(parameters()), "200");
    assert.equal(await withParameters(parameters({ more: ';alg="ecdsa-p384-sha384"' })), REFUSED);
    assert.equal(await withParameters(parameters({ more: ";alg=ecdsa-p256-sha256" })), REFUSED);
  });

  const ages: Record<string, [number, string]> = {
    "300 s old": [-300, "200"],
    "301 s old": [-301, REFUSED],
    "60 s ahead": [60, "200"],
    "61 s ahead": [61, REFUSED],
  };
  for (const [name, [offset, outcome]] of Object.entries(ages)) {
    it(`S7: ${name} is answered ${outcome}`, async () => {
      assert.equal(await withParameters(parameters({ created: bench.now + offset })), outcome);
    });
  }

  it("S8: is refused as r and s side by side", async () => {
    assert.equal((await get({ signature: { encoding: "ieee-p1363" } })).outcome, REFUSED);
  });

  const tampered: Record<string, SignedChanges> = {
    "query changed": { sentPath: PATH.replace("dev", "ops") },
    "query encoded otherwise": { sentPath: PATH.replace("%2F", "/") },
    "query removed": { sentPath: "/v1/credentials/aws/token" },
    "path changed": { sentPath: "/v1/credentials/aws/tokens" },
    "host changed": { after: { Host: "vouch.example.test" } },
    "proof removed": { after: { DPoP: undefined } },
    "proof changed": { after: { DPoP: "a.b.c" } },
  };
  for (const [name, changes] of Object.entries(tampered)) {
    it(`S8: is refused with the ${name} after signing`, async () => {
      assert.equal((await get(changes)).outcome, REFUSED);
    });
  }

  it("S8: is refused with the token changed after signing", async () => {
    const second = String((await bench.login({}, { counter: 2 })).json["access_token"]);
    assert.equal((await get({ token: second })).outcome, "200");
    assert.equal((await get({ after: { Authorization: `DPoP ${second}` } })).outcome, REFUSED);
  });

  it("S8: is refused with parameters that were not signed", async () => {
    const { outcome } = await get({
      after: { "Signature-Input": `sig1=("@method" "@path")${parameters({ more: ';tag="x"' })}` },
    });
    assert.equal(outcome, REFUSED);
  });

  for (const components of [
    ["@method", "@path", "@method"],
    ["@method", "@path", "@status"],
    ["@method", "@path", "x-absent"],
  ]) {
    it(`S8: is refused when it covers ${components.join(" ")}`, async () => {
      assert.equal((await get({ signature: { components } })).outcome, REFUSED);
    });
  }

  it("S9: must cover method and path, and is told so", async () => {
    for (const components of [["@method"], ["@path"], []]) {
      const { outcome, headers } = await get({ signature: { components } });
      assert.equal(outcome, REFUSED);
      assert.match(String(headers["accept-signature"]), /^sig1=\("@method" /);
    }
  });

  it("S10: must cover the digest of a body, and is told so", async () => {
    const { outcome, headers } = await post({ signature: { components: ["@method", "@path"] } });
    assert.equal(outcome, REFUSED);
    assert.match(String(headers["accept-signature"]), /"content-digest"\)/);
  });

  it("S10: is refused with the body changed after signing, without a hint", async () => {
    const { outcome, headers } = await post({ sentBody: '{"name":"x"}' });
    assert.deepEqual([outcome, headers["accept-signature"]], [REFUSED, undefined]);
  });

  it("S10: is refused with the digest changed after signing", async () => {
    const { outcome } = await post({
      sentBody: '{"name":"x"}',
      after: { "Content-Digest": contentDigest('{"name":"x"}') },
    });
    assert.equal(outcome, REFUSED);
  });

  it("S10: is refused with a digest that says nothing of SHA-256", async () => {
    const sha512 = `sha-512=:${createHash("sha512").update(BODY).digest("base64")}:`;
    const both = `${sha512}, ${contentDigest(BODY)}`;
    const outcomes = [];
    for (const digest of [sha512, "sha-256", "sha-256=(:AA==:)", "?", both]) {
      outcomes.push((await post({ before: { "Content-Digest": digest } })).outcome);
    }
    assert.deepEqual(outcomes, [REFUSED, REFUSED, REFUSED, REFUSED, "200"]);
  });

  it("S11: may carry the nonce of the answer before, once", async () => {
    const nonce = String((await get()).headers["signature-nonce"]);
    assert.equal((await get({ nonce })).outcome, "200");
    const { outcome, headers } = await get({ nonce });
    assert.equal(outcome, REFUSED);
    assert.equal((await get({ nonce: String(headers["signature-nonce"]) })).outcome, "200");
  });

  it("S11: is refused with a nonce that is unknown or older than 300 s", async () => {
    assert.equal((await get({ nonce: "unknown" })).outcome, REFUSED);
    const nonce = String((await get()).headers["signature-nonce"]);
    bench.clock.advance(300_000);
    assert.equal((await get({ nonce })).outcome, REFUSED);
  });

  it("S11: is refused when the nonce is no string", async () => {
    let nonce = "";
    while (!/^[A-Za-z]/.test(nonce)) nonce = (await bench.challenge()).nonce;
    assert.equal(await withParameters(parameters({ more: `;nonce=${nonce}` })), REFUSED);
    assert.equal(await withParameters(parameters({ more: `;nonce="${nonce}"` })), "200");
  });

  it("S11: leaves a nonce unused when the signature is bad", async () => {
    const nonce = String((await get()).headers["signature-nonce"]);
    assert.equal((await get({ nonce, signature: { encoding: "ieee-p1363" } })).outcome, REFUSED);
    assert.equal((await get({ nonce })).outcome, "200");
  });

  it("S12: earns a nonce on every answer of a handler, also on a refusal, but not on a bad signature", async () => {
    bench.standIn.revokeSessions();
    const refused = await get();
    assert.equal(refused.outcome, "401 invalid_token");
    assert.match(String(refused.headers["signature-nonce"]), /^[\w-]{32}$/);
    assert.equal((await get({ sentPath: "/v1/x" })).headers["signature-nonce"], undefined);
    assert.equal((await bench.get("/v1/auth/status")).headers["signature-nonce"], undefined);
  });

  it("is r and s side by side, and only so, where the server follows the RFC", async () => {
    await bench.reopen({ signatureEncoding: "ieee-p1363" });
    token = await bench.accessToken();
    assert.equal((await get({ signature: { encoding: "ieee-p1363" } })).outcome, "200");
    assert.equal((await get()).outcome, REFUSED);
  });
});
