import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import type { Ctap2 } from "../../../token/fido2/ctap2.ts";
import { assertionCount, readAssertion } from "../../../token/fido2/key-assertion.ts";
import type { KeyInfo } from "../../../token/fido2/key-info.ts";
import { choosePinUvProtocol, keyAgreementKey, sharedPoint } from "../../../token/fido2/pin-uv.ts";
import {
  SOFT_KEY_PROFILES,
  type SoftKeyProfile,
  YUBIKEY_5_7_1,
  YUBIKEY_BIO_5_6_4,
} from "../../lab/key/soft-key-profiles.ts";
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

type Ask = (client: RawClient) => Promise<ReadonlyMap<unknown, unknown>>;

const keysOf = (profiles: readonly SoftKeyProfile[], ask: Ask) =>
  Promise.all(profiles.map((profile) => ask(new RawClient({ profile }))));

const eachKey = (ask: Ask) => keysOf(SOFT_KEY_PROFILES, ask);

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

/** Whole, or not there. */
const isCount = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0;

function checkInfo({ versions, options, pinUvAuthProtocols, forcePinChange, minPinLength }: KeyInfo): void {
  assert.ok(versions.every((version) => typeof version === "string"));
  assert.ok([...options].every(([name, value]) => typeof name === "string" && typeof value === "boolean"));
  assert.ok(pinUvAuthProtocols.every((version) => typeof version === "number"));
  assert.equal(typeof forcePinChange, "boolean");
  assert.ok(isCount(minPinLength) && minPinLength >= 4, `minPinLength ${minPinLength}`);
}

const OURS = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PROTOCOL = choosePinUvProtocol([2]) ?? assert.fail();
const ENCRYPTION_KEY = Buffer.alloc(32, 1);
const ORDER = {
  rpId: RP_ID,
  clientDataHash: Buffer.alloc(32),
  verification: { pinUvAuthParam: Buffer.alloc(32), protocol: 2 },
  touch: true,
};

const SCOPE = { permission: "getAssertion", rpId: RP_ID } as const;

function checkAssertion(answer: ReadonlyMap<unknown, unknown>): void {
  const { credentialId, authenticatorData, signature, userHandle, account } = readAssertion(answer, RP_ID);
  for (const bytes of [credentialId, authenticatorData, signature, userHandle]) {
    assert.ok(bytes instanceof Uint8Array);
  }
  for (const name of [account.name, account.displayName]) {
    assert.ok(name === undefined || typeof name === "string");
  }
}

/** Another parser is another entry here. */
export const ANSWER_TARGETS: readonly AnswerTarget[] = [
  {
    name: "getInfo",
    genuine: () => eachKey(async (client) => (await client.send(0x04)).map),
    ask: async (ctap) => checkInfo(await ctap.getInfo()),
  },
  {
    name: "PIN retries",
    genuine: () => eachKey(async (client) => (await client.send(0x06, new Map([[2, 1]]))).map),
    async ask(ctap) {
      const { left, powerCycleNeeded } = await ctap.clientPin.getPinRetries();
      assert.ok(isCount(left), `${left} tries`);
      assert.equal(typeof powerCycleNeeded, "boolean");
    },
  },
  {
    name: "fingerprint retries",
    genuine: () =>
      keysOf([YUBIKEY_BIO_5_6_4], async (client) => (await client.send(0x06, new Map([[2, 7]]))).map),
    async ask(ctap) {
      assert.ok(isCount(await ctap.clientPin.getFingerprintRetries()));
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
        const subcommand = client.key.profile.options["pinUvAuthToken"] === true ? 9 : 5;
        return (await client.send(0x06, (await client.tokenRequest(subcommand)).parameters)).map;
      }),
    async ask(ctap) {
      const request = { protocol: 2, keyAgreement: keyAgreementKey(OURS.publicKey), scope: SCOPE };
      const sealed = await ctap.clientPin.getPinToken({ ...request, pinHashEnc: Buffer.alloc(32) });
      const token = PROTOCOL.decrypt(ENCRYPTION_KEY, sealed);
      assert.ok(token === undefined || (token.length > 0 && token.length % 16 === 0));
    },
  },
  {
    name: "getAssertion",
    genuine: threeAssertions,
    async ask(ctap) {
      const answer = await ctap.getAssertion(ORDER);
      assert.ok(isCount(assertionCount(answer)));
      checkAssertion(answer);
    },
  },
  {
    name: "getNextAssertion",
    genuine: threeAssertions,
    ask: async (ctap) => checkAssertion(await ctap.getNextAssertion()),
  },
];
