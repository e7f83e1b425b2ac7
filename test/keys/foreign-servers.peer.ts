/**
 * Servers of other people verify our client's registrations and logins, and refuse them when one thing about them is wrong. Unless
 * the signature is what is wrong, it is made anew, so that only the check of that one thing can refuse.
 */
import assert from "node:assert/strict";
import { createHash, createPrivateKey, type KeyObject, sign } from "node:crypto";
import path from "node:path";
import { decode, encode } from "cborg";
import type { Assertion } from "../../token/fido2/ceremony/assertion.ts";
import type { Registration } from "../../token/fido2/ceremony/registration.ts";
import { readsFingers } from "../lab/key/soft-finger.ts";
import { YUBIKEY_5_7_1 } from "../lab/key/soft-key-profiles.ts";
import { enrolCredential, newSoftKeyState } from "../lab/key/soft-key-state.ts";
import { goProgram } from "../peers/go/programs.ts";
import { type JsonLines, startJsonLines } from "../support/json-lines.ts";
import { programOnPath } from "../support/on-path.ts";
import { PIN, REQUEST, RP_ID, USER_HANDLE } from "../token/fido2/key-bench.ts";
import { registrationBench } from "../token/fido2/registration-bench.ts";
import { FIDO2_KEYS } from "./every-profile.ts";
import { base64url, loginCredential, newCredential } from "./public-key-credential.ts";

interface Server {
  /** A program with the questions and answers of test/peers/go/webauthn/judge-webauthn/main.go. */
  readonly command: () => readonly string[];
  /** What it accepts although it is wrong, and why. */
  readonly unseen?: Readonly<Record<string, string>>;
}

const PYTHON_JUDGE = path.join(import.meta.dirname, "python", "judge-webauthn.py");
const SERVERS: Readonly<Record<string, Server>> = {
  py_webauthn: {
    command: () => [programOnPath("python3"), PYTHON_JUDGE],
    unseen: {
      "a registration with the id of another credential": "it returns the id that the key attests",
      "a login with another user handle": "looking up the user is left to its caller",
    },
  },
  "go-webauthn": { command: () => [goProgram("judge-webauthn")] },
};

/** What a registration or a login is made of. */
interface Parts {
  readonly rawId: Uint8Array;
  readonly clientDataJson: Buffer;
  readonly authenticatorData: Buffer;
  readonly signature: Uint8Array;
  readonly userHandle: Uint8Array;
}
interface Ceremony extends Parts {
  readonly signer: KeyObject;
  /** For the server. */
  readonly question: (parts: Parts) => { readonly credential: object };
}
/** What the server expects may be wrong, too. */
type Wrong = Partial<Parts> & { readonly id?: Uint8Array; readonly expected?: object };
type Mutation = (right: Ceremony) => Wrong;

/** Offsets in authenticator data, and flags. Source: WebAuthn Level 2, 6.1. */
const FLAGS_AT = 32;
const COUNTER_AT = 33;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

const OTHER = Buffer.alloc(32, 0x5a);
const OTHER_USER = { rpId: RP_ID, userHandle: OTHER, userName: "bob" };
const OTHER_KEY = enrolCredential(newSoftKeyState(), OTHER_USER).cosePublicKey;

const IN_BOTH: Readonly<Record<string, Mutation>> = {
  "another challenge": expecting(() => ({ challenge: base64url(OTHER) })),
  "another origin": expecting(() => ({ origin: "https://other.example.test" })),
  "another RP ID": expecting(() => ({ rpId: "other.example.test" })),
  "the type of the other ceremony": ({ clientDataJson }) => ({ clientDataJson: otherType(clientDataJson) }),
  "no user present": withoutFlag(USER_PRESENT),
  "no user verified": withoutFlag(USER_VERIFIED),
  "truncated authenticator data": ({ authenticatorData }) => ({
    authenticatorData: authenticatorData.subarray(0, -1),
  }),
  "a byte after the authenticator data": ({ authenticatorData }) => ({
    authenticatorData: Buffer.concat([authenticatorData, Buffer.of(0)]),
  }),
  "an id that is not the raw id": () => ({ id: OTHER }),
  "a signature whose last byte is wrong": ({ signature }) => ({ signature: lastByteFlipped(signature) }),
  "a signature of other data": ({ signer }) => ({ signature: sign("sha256", OTHER, signer) }),
};

const MUTATIONS = {
  registration: {
    ...IN_BOTH,
    "the id of another credential": () => ({ id: OTHER, rawId: OTHER }),
    "another public key than was signed": ({ authenticatorData, signature }) => ({
      authenticatorData: Buffer.concat([authenticatorData.subarray(0, -OTHER_KEY.length), OTHER_KEY]),
      signature,
    }),
  },
  login: {
    ...IN_BOTH,
    "a counter that has not grown": expecting(({ authenticatorData }) => ({
      counter: authenticatorData.readUInt32BE(COUNTER_AT),
    })),
    "another public key": expecting(() => ({ publicKey: base64url(OTHER_KEY) })),
    "another user handle": () => ({ userHandle: OTHER }),
  },
} satisfies Record<string, Record<string, Mutation>>;
type Act = keyof typeof MUTATIONS;

for (const [name, { command, unseen = {} }] of Object.entries(SERVERS)) {
  describe(name, () => {
    let server: JsonLines;
    before(() => {
      server = startJsonLines(command(), { PYTHONUTF8: "1" });
    });
    after(() => server.close());

    for (const [key, profile] of FIDO2_KEYS) {
      it(`accepts our client's registration, and two logins after it: ${key}`, async () => {
        const bench = registrationBench({ profile, pins: readsFingers(profile) ? [] : [PIN, PIN, PIN] });
        const registration = await bench.register();
        const publicKey = base64url(registration.publicKey);
        let counter = accepted(await server.ask(registrationQuestion(registration)), publicKey);
        for (let logins = 0; logins < 2; logins += 1) {
          const login = { ...loginQuestion(await bench.login()), publicKey, counter };
          const later = accepted(await server.ask(login), publicKey);
          assert.ok(later > counter, `counter ${later} after ${counter}`);
          counter = later;
        }
      });
    }

    for (const act of ["registration", "login"] as const) {
      it(`accepts a ${act} that is signed anew`, async () => {
        const { right, publicKey } = await ceremony(act);
        accepted(await server.ask(mutated(right, {})), publicKey);
      });

      for (const [change, mutation] of Object.entries(MUTATIONS[act])) {
        const what = `a ${act} with ${change}`;
        const why = unseen[what];
        it(why === undefined ? `refuses ${what}` : `accepts ${what}: ${why}`, async () => {
          const { right, publicKey } = await ceremony(act);
          const answer = (await server.ask(mutated(right, mutation(right)))) as object;
          if (why === undefined) assert.deepEqual(Object.keys(answer), ["refused"]);
          else accepted(answer, publicKey);
        });
      }
    }
  });
}

/** The counter in an answer that accepts. */
function accepted(answer: unknown, publicKey: string): number {
  const { counter } = answer as { readonly counter: number };
  assert.deepEqual(answer, { ok: true, publicKey, counter });
  return counter;
}

function registrationQuestion(
  made: Pick<Registration, "credentialId" | "attestationObject" | "clientDataJson">,
) {
  return {
    ...asked("registration", `https://${REQUEST.host}`),
    credential: newCredential(made),
  };
}

/** The caller adds what the server has stored of the credential. */
function loginQuestion(assertion: Assertion) {
  return {
    ...asked("login", `https://${RP_ID}`),
    userHandle: base64url(USER_HANDLE),
    credential: loginCredential(assertion),
  };
}

function asked(act: Act, origin: string) {
  return { act, rpId: RP_ID, origin, challenge: REQUEST.challenge };
}

/** A registration, or the login after it, in parts. */
async function ceremony(act: Act): Promise<{ readonly right: Ceremony; readonly publicKey: string }> {
  const { state, register, login } = registrationBench({ profile: YUBIKEY_5_7_1, pins: [PIN, PIN] });
  const registration = await register();
  const publicKey = base64url(registration.publicKey);
  const attestation: Attestation = decode(registration.attestationObject);
  const authenticatorData = Buffer.from(attestation.authData);
  const {
    maker,
    credentials: [credential],
  } = state.current;
  assert.ok(maker !== undefined && credential !== undefined);
  if (act === "registration") {
    return {
      publicKey,
      right: {
        rawId: registration.credentialId,
        clientDataJson: Buffer.from(registration.clientDataJson),
        authenticatorData,
        signature: attestation.attStmt.sig,
        userHandle: USER_HANDLE,
        signer: createPrivateKey(maker.key),
        question: ({ rawId, clientDataJson, authenticatorData: authData, signature: sig }) =>
          registrationQuestion({
            credentialId: rawId,
            clientDataJson,
            attestationObject: encode({ ...attestation, authData, attStmt: { ...attestation.attStmt, sig } }),
          }),
      },
    };
  }
  const assertion = await login();
  const counter = authenticatorData.readUInt32BE(COUNTER_AT);
  return {
    publicKey,
    right: {
      ...assertion,
      rawId: assertion.credentialId,
      clientDataJson: Buffer.from(assertion.clientDataJson),
      authenticatorData: Buffer.from(assertion.authenticatorData),
      signer: createPrivateKey({ key: credential.privateKey, format: "jwk" }),
      question: (parts) => ({
        ...loginQuestion({ ...parts, credentialId: parts.rawId }),
        publicKey,
        counter,
      }),
    },
  };
}

interface Attestation {
  readonly authData: Uint8Array;
  readonly attStmt: { readonly sig: Uint8Array };
}

function mutated(right: Ceremony, { id, expected, ...wrong }: Wrong): object {
  const parts = { ...right, ...wrong };
  const signed = Buffer.concat([
    parts.authenticatorData,
    createHash("sha256").update(parts.clientDataJson).digest(),
  ]);
  const signature = wrong.signature ?? sign("sha256", signed, right.signer);
  const question = right.question({ ...parts, signature });
  const credential = { ...question.credential, ...(id !== undefined && { id: base64url(id) }) };
  return { ...question, ...expected, credential };
}

function expecting(expected: (right: Ceremony) => object): Mutation {
  return (right) => ({ expected: expected(right) });
}

function withoutFlag(flag: number): Mutation {
  return ({ authenticatorData }) => {
    const changed = Buffer.from(authenticatorData);
    changed.writeUInt8(changed.readUInt8(FLAGS_AT) & ~flag, FLAGS_AT);
    return { authenticatorData: changed };
  };
}

function otherType(clientDataJson: Buffer): Buffer {
  const { type, ...rest } = JSON.parse(clientDataJson.toString());
  const other = type === "webauthn.get" ? "webauthn.create" : "webauthn.get";
  return Buffer.from(JSON.stringify({ type: other, ...rest }));
}

function lastByteFlipped(bytes: Uint8Array): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 0xff, changed.length - 1);
  return changed;
}
