import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto";
import { encode } from "cborg";
import { type LabCa, makeLabCa } from "../../../lab/tls.ts";
import { Bench, EMAIL } from "../bench.ts";
import { type HandSecurityKey, makeSecurityKey, sha256, uint32 } from "../hand-security-key.ts";

const START = "/v1/keys/register/start";
const COMPLETE = "/v1/keys/register/complete";
const AAGUID = "2fc0579f-8113-47ea-b116-bb5a8db9202a";

interface Maker {
  readonly certificate: Buffer;
  readonly key: string | KeyObject;
}

interface Started {
  readonly challenge: number[];
  readonly state: string;
}

/** How a test breaks an attestation. */
interface Changes {
  readonly format?: string;
  readonly maker?: Maker;
  readonly chain?: readonly Uint8Array[] | undefined;
  readonly rpId?: string;
  readonly flags?: number;
  readonly type?: string;
  readonly origin?: string;
  readonly challenge?: string;
  readonly publicKey?: Uint8Array;
  readonly signed?: Buffer;
  readonly statement?: unknown;
  /** Cuts authenticator data off after so many bytes. */
  readonly size?: number;
}

async function makerOf(ca: LabCa): Promise<Maker> {
  const { cert, key } = await ca.issue(["security-key.test"]);
  return { certificate: new X509Certificate(cert).raw, key };
}

describe("key registration at the Vouch stand-in", () => {
  let makers: LabCa;
  let maker: Maker;
  const bench = new Bench();
  let token: string;
  const newKey: HandSecurityKey = makeSecurityKey();

  before(async () => {
    makers = await makeLabCa("security key makers");
    maker = await makerOf(makers);
  });
  beforeEach(async () => {
    await bench.open({ attestationRoots: [makers.cert] });
    token = await bench.accessToken();
  });
  afterEach(() => bench.close());

  const post = (path: string, body: unknown) =>
    bench.signed(path, { token, method: "POST", body: JSON.stringify(body) });
  const start = async () => (await post(START, { name: "green key" })).json as unknown as Started;

  const attestation = (started: Started, changes: Changes = {}) => {
    const { format = "packed", flags = 0x45, rpId = "localhost", publicKey = newKey.cosePublicKey } = changes;
    const { type = "webauthn.create", origin = bench.standIn.url } = changes;
    const challenge = changes.challenge ?? Buffer.from(started.challenge).toString("base64url");
    const clientData = Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
    const idLength = Buffer.of(0, newKey.credentialId.length);
    const aaguid = Buffer.from(AAGUID.replaceAll("-", ""), "hex");
    const authData = Buffer.concat([
      sha256(rpId),
      Buffer.of(flags),
      uint32(3),
      aaguid,
      idLength,
      newKey.credentialId,
      publicKey,
    ]).subarray(0, changes.size);
    const { key, certificate } = changes.maker ?? maker;
    const signed = changes.signed ?? Buffer.concat([authData, sha256(clientData)]);
    const statement = { alg: -7, sig: sign("sha256", signed, key), x5c: changes.chain ?? [certificate] };
    const attStmt = "statement" in changes ? changes.statement : statement;
    const attestationObject = encode({ fmt: format, attStmt, authData });
    return {
      state: started.state,
      credential_id: [...newKey.credentialId],
      public_key: [...newKey.cosePublicKey],
      attestation_object: [...attestationObject],
      client_data_json: [...clientData],
    };
  };
  const outcomeOf = async (changes: Changes) =>
    (await post(COMPLETE, attestation(await start(), changes))).outcome;

  it("starts with byte arrays, the user and the credentials to leave out", async () => {
    const { status, json } = await post(START, { name: "green key" });
    const { challenge, state, ...rest } = json as unknown as Started;
    assert.deepEqual([status, challenge.length, typeof state], [200, 32, "string"]);
    assert.deepEqual(rest, {
      rp_id: "localhost",
      rp_name: "Vouch",
      user_id: bench.userId,
      user_name: EMAIL,
      algorithms: [-7],
      exclude_credential_ids: [[...bench.securityKey.credentialId]],
    });
  });

  it("keeps the credential of authenticator data, which can then log in", async () => {
    const { status, json } = await post(COMPLETE, attestation(await start()));
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(json), ["device_id", "message"]);
    const { id, userId, aaguid, name, counter } = bench.standIn.credentials[1] ?? {};
    assert.deepEqual(
      { id, userId, aaguid, name, counter },
      {
        id: newKey.credentialId.toString("base64url"),
        userId: bench.userId,
        aaguid: AAGUID,
        name: "green key",
        counter: 3,
      },
    );
    assert.equal((await bench.login({}, { securityKey: newKey, counter: 4 })).outcome, "200");
  });

  const broken: Record<string, () => Promise<Changes> | Changes> = {
    "no attestation": () => ({ format: "none" }),
    "a maker it does not know": async () => ({ maker: await makerOf(await makeLabCa("nobody")) }),
    "a maker that carries a known maker's name": async () => ({
      maker: await makerOf(await makeLabCa("security key makers")),
    }),
    "a certificate whose signature is broken": () => {
      const certificate = Buffer.from(maker.certificate);
      certificate.writeUInt8(certificate.readUInt8(certificate.length - 1) ^ 1, certificate.length - 1);
      return { maker: { ...maker, certificate } };
    },
    "self attestation": () => ({
      maker: { certificate: maker.certificate, key: newKey.privateKey },
      chain: [],
    }),
    "a signature by another key": () => ({
      maker: { ...maker, key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey },
    }),
    "a chain that does not hang together": async () => ({
      chain: [maker.certificate, (await makerOf(makers)).certificate],
    }),
    "a chain of no certificates": () => ({ chain: [Buffer.from("no")] }),
    "another RP ID": () => ({ rpId: "example.com" }),
    "no user verification": () => ({ flags: 0x41 }),
    "no user presence": () => ({ flags: 0x44 }),
    "no credential": () => ({ flags: 0x05 }),
    "the type of a login": () => ({ type: "webauthn.get" }),
    "another challenge": () => ({ challenge: "A".repeat(43) }),
    "the origin of a login": () => ({ origin: "https://localhost" }),
    "a public key that is no CBOR": () => ({ publicKey: Buffer.from("ff", "hex") }),
    "a fido-u2f key without coordinates": () => ({
      format: "fido-u2f",
      publicKey: encode(new Map([[3, -7]])),
    }),
    "authenticator data without a credential": () => ({ size: 37 }),
    "authenticator data that ends in the credential id": () => ({ size: 60 }),
    "a statement that is no map": () => ({ statement: 7 }),
    "a statement without signature": () => ({ statement: { x5c: [maker.certificate] } }),
    "a statement without certificates": () => ({ statement: { sig: Buffer.alloc(70) } }),
    "no public key": () => ({ publicKey: Buffer.alloc(0) }),
  };
  for (const [name, changes] of Object.entries(broken)) {
    it(`refuses ${name}`, async () => {
      assert.equal(await outcomeOf(await changes()), "400 invalid_attestation");
    });
  }

  it("refuses an attestation object that is none", async () => {
    const body = { ...attestation(await start()), attestation_object: [1, 2, 3] };
    assert.equal((await post(COMPLETE, body)).outcome, "400 invalid_attestation");
  });

  it("uses up the state before it looks at anything else", async () => {
    const started = await start();
    assert.equal(
      (await post(COMPLETE, attestation(started, { flags: 0 }))).outcome,
      "400 invalid_attestation",
    );
    assert.equal((await post(COMPLETE, attestation(started))).outcome, "400 state_already_used");
  });

  it("refuses a state that expired, is another user's, of a login, or none", async () => {
    const invalid = "400 invalid_state";
    const started = await start();
    bench.clock.advance(300_000);
    assert.equal((await post(COMPLETE, attestation(started))).outcome, invalid);
    const body = attestation(await start());
    for (const state of [(await bench.challenge()).state, 7, "x".repeat(8193)]) {
      assert.equal((await post(COMPLETE, { ...body, state })).outcome, invalid);
    }
    const eve = bench.standIn.addUser({ email: "eve@example.com" });
    const { credentialId, cosePublicKey } = makeSecurityKey();
    bench.standIn.addCredential({ userId: eve.id, credentialId, cosePublicKey, counter: 0 });
    token = await bench.deviceToken({ userId: eve.id });
    assert.equal((await post(COMPLETE, body)).outcome, invalid);
  });

  it("refuses a credential that is registered already", async () => {
    assert.equal(await outcomeOf({}), "200");
    assert.equal(await outcomeOf({}), "409 credential_already_registered");
  });

  it("refuses bodies that are not as they should be", async () => {
    assert.equal((await post(START, {})).status, 422);
    assert.equal((await post(START, [])).status, 400);
    const body = attestation(await start());
    assert.equal((await post(COMPLETE, { ...body, credential_id: "base64url" })).status, 422);
    assert.equal((await post(COMPLETE, { ...body, public_key: [256] })).status, 422);
    const text = { "Content-Type": "text/plain" };
    const components = ["@method", "@path", "content-digest"];
    const options = { token, method: "POST", body: "{}", after: text, signature: { components } };
    assert.equal((await bench.signed(START, options)).status, 415);
  });

  it("refuses a user who is deactivated or gone, and a dead session", async () => {
    bench.standIn.deactivateUser(bench.userId);
    assert.equal((await post(START, { name: "k" })).outcome, "401 unauthorized");
    bench.standIn.removeUser(bench.userId);
    assert.equal((await post(START, { name: "k" })).outcome, "404 user_not_found");
    bench.standIn.revokeSessions();
    assert.equal((await post(START, { name: "k" })).outcome, "401 invalid_token");
  });
});
