import { createHash, randomUUID } from "node:crypto";
import { type LabClock, labClock } from "../../lab/clock.ts";
import { type LabCa, makeLabCa } from "../../lab/tls.ts";
import type { VouchStandInOptions } from "../../lab/vouch/settings.ts";
import { type DeviceApproval, startVouchStandIn, type VouchStandIn } from "../../lab/vouch/vouch-stand-in.ts";
import { type HandAnswer, type HandConnection, type HandRequest, handConnection } from "./hand-http.ts";
import { compactJws, encodeJson, es256, type HandKey, makeHandKey } from "./hand-jws.ts";
import {
  type AssertionParts,
  assertWith,
  type HandSecurityKey,
  makeSecurityKey,
} from "./hand-security-key.ts";
import { contentDigest, type SignatureChanges, signatureHeaders } from "./hand-signature.ts";

/** Noon on a quiet day, in epoch milliseconds: where every test's clock stands. */
const NOON = Date.parse("2026-01-15T12:00:00Z");

export const FIDO2_GRANT = "urn:ietf:params:oauth:grant-type:fido2-assertion";
export const EXCHANGE_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export const EMAIL = "ada@example.com";

type Fields = Readonly<Record<string, string | undefined>>;

/** Members that replace those of a good JWS; undefined removes one. */
export interface JwsChanges {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: HandKey;
  readonly signer?: (input: Buffer) => Buffer;
}

export interface Challenge {
  readonly challenge: string;
  readonly rp_id: string;
  readonly state: string;
}

export interface Fido2Changes extends Partial<AssertionParts> {
  readonly securityKey?: HandSecurityKey;
  /** Replaces members of the JSON inside the field `assertion`; undefined removes one. */
  readonly members?: object;
}

export interface SignedChanges {
  readonly method?: string;
  readonly token?: string;
  readonly scheme?: string;
  readonly body?: string;
  readonly key?: HandKey;
  /** The whole proof, or undefined for none. */
  readonly proof?: string | undefined;
  readonly nonce?: string;
  readonly signature?: SignatureChanges;
  /** Changes headers before signing. */
  readonly before?: Readonly<Record<string, string>>;
  /** Changes headers after signing; undefined removes one. */
  readonly after?: Fields;
  /** Sends this instead of the path or the body that was signed. */
  readonly sentPath?: string;
  readonly sentBody?: string;
}

let ca: Promise<LabCa> | undefined;

/** One CA for all tests of the process. */
function sharedCa(): Promise<LabCa> {
  ca ??= makeLabCa();
  return ca;
}

/** A bench that each test of the suite finds as new. */
export function suiteBench(options: Partial<VouchStandInOptions> = {}): Bench {
  const bench = new Bench();
  beforeEach(() => bench.open(options));
  afterEach(() => bench.close());
  return bench;
}

/** A stand-in with one user, one security key and one registered client, and hands to send it anything. */
export class Bench {
  standIn!: VouchStandIn;
  clock!: LabClock;
  key!: HandKey;
  securityKey!: HandSecurityKey;
  userId = "";
  clientId = "";
  /** Eras A and B: the challenge is asked for with the JSON `{}`. */
  challengesAnonymously = false;
  #connection!: HandConnection;

  async open(options: Partial<VouchStandInOptions> = {}): Promise<void> {
    const ca = await sharedCa();
    this.clock = labClock(NOON);
    this.standIn = await startVouchStandIn({ ca, clock: this.clock, ...options });
    this.#connection = handConnection(this.standIn.url, ca.cert);
    this.key = makeHandKey();
    this.securityKey = makeSecurityKey();
    this.userId = this.standIn.addUser({ email: EMAIL }).id;
    const { credentialId, cosePublicKey } = this.securityKey;
    this.standIn.addCredential({ userId: this.userId, credentialId, cosePublicKey, counter: 0 });
    this.challengesAnonymously = options.era === "A" || options.era === "B";
    await this.becomeClient();
  }

  async close(): Promise<void> {
    this.#connection.close();
    await this.standIn.close();
  }

  /** Another one instead, with these options. */
  async reopen(options: Partial<VouchStandInOptions> = {}): Promise<void> {
    await this.close();
    await this.open(options);
  }

  /** Registers a client with these changes, and is that client from now on. */
  async becomeClient(changes: object = {}): Promise<void> {
    this.clientId = String((await this.register(changes)).json["client_id"]);
  }

  /** Logs in by a device code that somebody approved; the access token. */
  async deviceToken(approval: DeviceApproval): Promise<string> {
    const { user_code, device_code } = (await this.postForm("/oauth/device", this.clientFields())).json;
    this.standIn.approveDevice(String(user_code), approval);
    const fields = { grant_type: DEVICE_GRANT, device_code: String(device_code) };
    return String((await this.askToken(fields, (await this.challenge()).nonce)).json["access_token"]);
  }

  get now(): number {
    return Math.floor(this.clock() / 1000);
  }

  send(asked: HandRequest): Promise<HandAnswer> {
    return this.#connection.send(asked);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<HandAnswer> {
    return this.send({ method: "GET", path, headers });
  }

  postForm(path: string, fields: Fields, headers: HandRequest["headers"] = {}): Promise<HandAnswer> {
    const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
    return this.send({
      method: "POST",
      path,
      headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
      body: new URLSearchParams(given).toString(),
    });
  }

  postJson(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<HandAnswer> {
    const allHeaders = { "Content-Type": "application/json", ...headers };
    return this.send({ method: "POST", path, headers: allHeaders, body: JSON.stringify(body) });
  }

  register(changes: object = {}): Promise<HandAnswer> {
    return this.postJson("/oauth/register", { ...this.registration(), ...changes });
  }

  registration(): object {
    return {
      client_name: "by hand",
      software_id: "hand-client",
      software_version: "1",
      token_endpoint_auth_method: "private_key_jwt",
      grant_types: [DEVICE_GRANT, FIDO2_GRANT, EXCHANGE_GRANT],
      response_types: [],
      dpop_bound_access_tokens: true,
      jwks: { keys: [this.key.jwk] },
    };
  }

  clientAssertion({ header, claims, key = this.key, signer = es256(key) }: JwsChanges = {}): string {
    return compactJws(
      { typ: "JWT", alg: "ES256", kid: key.jwk.kid, ...header },
      {
        iss: this.clientId,
        sub: this.clientId,
        aud: this.standIn.url,
        jti: randomUUID(),
        iat: this.now,
        exp: this.now + 60,
        ...claims,
      },
      signer,
    );
  }

  /** The two form fields that authenticate the client. */
  clientFields(changes: JwsChanges = {}): { client_assertion_type: string; client_assertion: string } {
    return { client_assertion_type: ASSERTION_TYPE, client_assertion: this.clientAssertion(changes) };
  }

  proof(method: string, path: string, changes: JwsChanges = {}): string {
    const { header, claims, key = this.key, signer = es256(key) } = changes;
    return compactJws(
      { typ: "dpop+jwt", alg: "ES256", jwk: key.jwk, ...header },
      { jti: randomUUID(), htm: method, htu: this.standIn.url + path, iat: this.now, ...claims },
      signer,
    );
  }

  tokenProof(nonce: string, changes: JwsChanges = {}): string {
    return this.proof("POST", "/oauth/token", { ...changes, claims: { nonce, ...changes.claims } });
  }

  askChallenge(fields: Fields = this.clientFields()): Promise<HandAnswer> {
    return this.postForm("/oauth/fido2/challenge", fields);
  }

  /** A challenge and the nonce that came with it. */
  async challenge(): Promise<Challenge & { readonly nonce: string }> {
    const { json, headers } = this.challengesAnonymously
      ? await this.postJson("/oauth/fido2/challenge", {})
      : await this.askChallenge();
    const { challenge, rp_id, state } = json;
    const nonce = String(headers["dpop-nonce"]);
    return { challenge: String(challenge), rp_id: String(rp_id), state: String(state), nonce };
  }

  /** The form field `assertion`. */
  fido2Assertion({ challenge, rp_id, state }: Challenge, changes: Fido2Changes = {}): string {
    const { securityKey = this.securityKey, members, ...parts } = changes;
    const asserted = assertWith(securityKey, {
      rpId: rp_id,
      challenge,
      flags: 0x05,
      counter: 1,
      type: "webauthn.get",
      origin: `https://${rp_id}`,
      ...parts,
    });
    return encodeJson({
      state,
      credential_id: securityKey.credentialId.toString("base64url"),
      authenticator_data: asserted.authenticatorData.toString("base64url"),
      signature: asserted.signature.toString("base64url"),
      client_data_json: asserted.clientDataJson.toString("base64url"),
      user_handle: Buffer.from(this.userId.replaceAll("-", ""), "hex").toString("base64url"),
      ...members,
    });
  }

  /** `POST /oauth/token`; a proof is made for `nonce` unless `DPoP` is among the headers. */
  askToken(fields: Fields, nonce: string, headers: HandRequest["headers"] = {}): Promise<HandAnswer> {
    const withClient = { ...this.clientFields(), ...fields };
    return this.postForm("/oauth/token", withClient, { DPoP: this.tokenProof(nonce), ...headers });
  }

  /** A whole login with these form fields and this assertion. */
  async login(fields: Fields = {}, changes: Fido2Changes = {}): Promise<HandAnswer> {
    const challenge = await this.challenge();
    const assertion = this.fido2Assertion(challenge, changes);
    return this.askToken({ grant_type: FIDO2_GRANT, assertion, ...fields }, challenge.nonce);
  }

  async accessToken(): Promise<string> {
    return String((await this.login()).json["access_token"]);
  }

  /** A signed call under `/v1` with everything right but the changes. */
  signed(path: string, changes: SignedChanges & { readonly token: string }): Promise<HandAnswer> {
    const { method = "GET", token, scheme = "DPoP", body = "", key = this.key, nonce } = changes;
    const ath = createHash("sha256").update(token).digest("base64url");
    const plainPath = path.split("?")[0] ?? "";
    const proof =
      "proof" in changes ? changes.proof : this.proof(method, plainPath, { key, claims: { ath } });
    const headers = {
      Authorization: `${scheme} ${token}`,
      ...(proof === undefined ? {} : { DPoP: proof }),
      ...(body === "" ? {} : { "Content-Type": "application/json", "Content-Digest": contentDigest(body) }),
      ...changes.before,
    };
    const authority = new URL(this.standIn.url).host;
    const message = { key, method, authority, target: path, headers, body, created: this.now, nonce };
    const all = { ...headers, ...signatureHeaders(message, changes.signature), ...changes.after };
    return this.send({
      method,
      path: changes.sentPath ?? path,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
      body: changes.sentBody ?? body,
    });
  }
}
