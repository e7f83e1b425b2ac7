import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { decode } from "cbor2";
import {
  assertionCount,
  type KeyInfo,
  readAssertion,
  readCredential,
} from "../../../token/fido2/ctap/answers.ts";
import type { Ctap2 } from "../../../token/fido2/ctap/ctap2.ts";
import { choosePinUvProtocol, keyAgreementKey, sharedPoint } from "../../../token/fido2/pin/pin-protocol.ts";
import { SOFT_KEY_PROFILES, YUBIKEY_5_7_1, YUBIKEY_BIO_5_6_4 } from "../../lab/key/soft-key-profiles.ts";
import { enrolCredential } from "../../lab/key/soft-key-state.ts";
import { RawClient, RP_ID } from "../../lab-tests/key/raw-client.ts";
import { type CborTree, treeOf } from "./cbor-tree.ts";

/** One parser of a key's answers. */
export interface AnswerTarget {
  readonly name: string;
  /** What genuine keys answer. */
  readonly genuine: () => Promise<readonly ReadonlyMap<unknown, unknown>[]>;
  /** Asks for it, and fails where what comes out is not what its type says. */
  readonly ask: (ctap: Ctap2) => Promise<void>;
}

export async function genuineTrees({ name, genuine }: AnswerTarget): Promise<CborTree[]> {
  const answers = await genuine();
  assert.ok(answers.length > 0 && answers.every(({ size }) => size > 0), `no genuine answer for ${name}`);
  return answers.map(treeOf);
}

const eachKey = (ask: (client: RawClient) => Promise<ReadonlyMap<unknown, unknown>>) =>
  Promise.all(SOFT_KEY_PROFILES.map((profile) => ask(new RawClient({ profile }))));

/** A key with three accounts for the relying party, that has just been touched with its PIN. */
async function threeAssertions(): Promise<ReadonlyMap<unknown, unknown>[]> {
  const client = new RawClient({
    profile: YUBIKEY_5_7_1,
    change: (state) => {
      enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, 2), userName: "grace" });
      enrolCredential(state, { rpId: RP_ID, userHandle: Buffer.alloc(16, 3), userName: "alan" });
    },
  });
  const first = await client.send(0x02, client.assertionRequest(await client.token(9)));
  return [first.map, (await client.send(0x08)).map, (await client.send(0x08)).map];
}

const bio = () => new RawClient({ profile: YUBIKEY_BIO_5_6_4 });

function tokenSubcommand({ key }: RawClient): number {
  return key.profile.options["pinUvAuthToken"] === true ? 9 : 5;
}

async function newCredential(
  client: RawClient,
  changes: readonly (readonly [number, unknown])[],
): Promise<ReadonlyMap<unknown, unknown>> {
  const subcommand = tokenSubcommand(client);
  const token = await client.token(subcommand, subcommand === 9 ? [[9, 1]] : []);
  return (await client.send(0x01, client.registrationRequest(token, changes))).map;
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

function checkInfo(info: KeyInfo): void {
  assert.ok([...info.versions, ...info.extensions].every((name) => typeof name === "string"));
  assert.ok(
    [...info.options].every(([name, value]) => typeof name === "string" && typeof value === "boolean"),
  );
  assert.ok(info.pinUvAuthProtocols.every((version) => typeof version === "number"));
  assert.equal(typeof info.forcePinChange, "boolean");
  const { minPinLength, fingerAttempts, maxMessageSize, maxCredentialsInList } = info;
  assert.ok(isCount(minPinLength) && minPinLength >= 4, `minPinLength ${minPinLength}`);
  for (const count of [fingerAttempts, maxMessageSize, maxCredentialsInList]) assert.ok(isCount(count));
  for (const count of [info.maxCredentialIdLength ?? 0, info.firmwareVersion ?? 0]) assert.ok(isCount(count));
}

const OURS = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PROTOCOL = choosePinUvProtocol([2]) ?? assert.fail();
const ENCRYPTION_KEY = Buffer.alloc(32, 1);
const AGREED = { protocol: 2, keyAgreement: keyAgreementKey(OURS.publicKey) };
const SCOPE = { permission: "getAssertion", rpId: RP_ID } as const;
const CLIENT_DATA_HASH = Buffer.alloc(32);
const VERIFICATION = { protocol: 2, pinUvAuthParam: Buffer.alloc(32) };

async function checkToken(sealed: Promise<Uint8Array>): Promise<void> {
  const token = PROTOCOL.decrypt(ENCRYPTION_KEY, await sealed);
  assert.ok(token === undefined || (token.length > 0 && token.length % 16 === 0));
}

const REGISTRATION = {
  clientDataHash: CLIENT_DATA_HASH,
  rp: { id: RP_ID, name: "Vouch" },
  user: { id: Buffer.alloc(16), name: "ada" },
  excludeIds: [],
  verification: VERIFICATION,
};

/** The attestation object is read again, by the server's own means. */
function checkCredential(answer: ReadonlyMap<unknown, unknown>): void {
  const { credentialId, publicKey, attestationObject } = readCredential(answer, RP_ID);
  assert.ok(credentialId.length > 0 && publicKey.length > 0);
  const object = decode<Record<string, unknown>>(attestationObject);
  assert.deepEqual(Object.keys(object).sort(), ["attStmt", "authData", "fmt"]);
  assert.ok(typeof object["fmt"] === "string" && object["authData"] instanceof Uint8Array);
  assert.ok(!Array.isArray(object["attStmt"]) && typeof object["attStmt"] === "object");
}

function checkAssertion(answer: ReadonlyMap<unknown, unknown>): void {
  const { credentialId, authenticatorData, signature, userHandle, account } = readAssertion(answer, RP_ID);
  for (const bytes of [credentialId, authenticatorData, signature, userHandle]) {
    assert.ok(bytes instanceof Uint8Array);
  }
  for (const name of [account.name, account.displayName]) {
    assert.ok(name === undefined || typeof name === "string");
  }
}

/** Every key knows protocol one. */
const PIN_RETRIES = new Map([
  [1, 1],
  [2, 1],
]);

/** Another parser is another entry here. */
export const ANSWER_TARGETS: readonly AnswerTarget[] = [
  {
    name: "getInfo",
    genuine: () => eachKey(async (client) => (await client.send(0x04)).map),
    ask: async (ctap) => checkInfo(await ctap.getInfo()),
  },
  {
    name: "PIN retries",
    genuine: () => eachKey(async (client) => (await client.send(0x06, PIN_RETRIES)).map),
    async ask(ctap) {
      const { left, powerCycleNeeded } = await ctap.clientPin.getPinRetries(2);
      assert.ok(isCount(left), `${left} tries`);
      assert.equal(typeof powerCycleNeeded, "boolean");
    },
  },
  {
    name: "key agreement",
    genuine: () =>
      eachKey(async (client) => {
        const request = new Map([
          [1, client.protocol.version],
          [2, 2],
        ]);
        return (await client.send(0x06, request)).map;
      }),
    async ask(ctap) {
      assert.equal(sharedPoint(await ctap.clientPin.getKeyAgreement(2), OURS.privateKey).length, 32);
    },
  },
  {
    name: "PIN token",
    genuine: () =>
      eachKey(async (client) => {
        return (await client.send(0x06, (await client.vouchRequest(tokenSubcommand(client))).parameters)).map;
      }),
    ask: (ctap) =>
      checkToken(ctap.clientPin.getPinToken({ ...AGREED, scope: SCOPE, pinHashEnc: Buffer.alloc(32) })),
  },
  {
    name: "fingerprint retries",
    genuine: async () => [(await bio().send(0x06, new Map([[2, 7]]))).map],
    async ask(ctap) {
      assert.ok(isCount(await ctap.clientPin.getFingerprintRetries(2)));
    },
  },
  {
    name: "fingerprint token",
    async genuine() {
      const client = bio();
      return [(await client.send(0x06, (await client.vouchRequest(6)).parameters)).map];
    },
    ask: (ctap) => checkToken(ctap.clientPin.getFingerprintToken({ ...AGREED, scope: SCOPE }, {})),
  },
  {
    name: "getAssertion",
    genuine: threeAssertions,
    async ask(ctap) {
      const order = {
        rpId: RP_ID,
        clientDataHash: CLIENT_DATA_HASH,
        verification: VERIFICATION,
        touch: true,
      };
      const answer = await ctap.getAssertion(order);
      assert.ok(isCount(assertionCount(answer)));
      checkAssertion(answer);
    },
  },
  {
    name: "getNextAssertion",
    genuine: threeAssertions,
    ask: async (ctap) => checkAssertion(await ctap.getNextAssertion()),
  },
  {
    name: "makeCredential",
    genuine: async () =>
      (
        await Promise.all([
          eachKey((client) => newCredential(client, [])),
          eachKey((client) => newCredential(client, [[6, { credProtect: 2 }]])),
        ])
      ).flat(),
    ask: async (ctap) => checkCredential(await ctap.makeCredential(REGISTRATION, {})),
  },
];
