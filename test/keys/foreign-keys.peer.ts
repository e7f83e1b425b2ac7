/** Our client registers with security keys of other people, which are programs, and logs in with them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from "@simplewebauthn/server";
import { type Assertion, assertWithSecurityKey } from "../../token/fido2/ceremony/assertion.ts";
import {
  type RegistrationOptions,
  registerWithSecurityKey,
} from "../../token/fido2/ceremony/registration.ts";
import { surveyKeys } from "../../token/fido2/ceremony/survey-keys.ts";
import { type PipeListener, REPORT_SIZE, type SecurityKeys } from "../../token/fido2/hid/security-keys.ts";
import { PIN, REQUEST, RP_ID, USER_HANDLE } from "../token/fido2/key-bench.ts";
import { base64url, loginCredential, newCredential } from "./public-key-credential.ts";
import { rustProgram } from "./rust/programs.ts";

interface ForeignKey {
  /** It speaks bare reports on standard input and output, and its only argument is its PIN. */
  readonly program: () => string;
  readonly firmware: string;
  readonly versions: readonly string[];
  /** What nine logins with a wrong PIN end with, and the tries that are left then. */
  readonly wrongPins: readonly string[];
  readonly triesLeft: number;
}

const KEYS: Readonly<Record<string, ForeignKey>> = {
  // It locks its PIN until it is unplugged, and forgets it then: its last try is out of reach.
  "soft-fido2": {
    program: () => rustProgram("soft-key"),
    firmware: "0.17.0",
    versions: ["FIDO_2_0"],
    wrongPins: ["pin-wrong", "pin-wrong", ...Array(7).fill("pin-locked")],
    triesLeft: 5,
  },
};

const WRONG_PIN = "canary-pin-1593";
const ORIGIN = `https://${REQUEST.host}`;
const REGISTRATION = {
  ...REQUEST,
  rpName: "Vouch",
  origin: ORIGIN,
  user: { id: USER_HANDLE, name: "ada@example.com" },
};
const EXPECTED = {
  expectedChallenge: REQUEST.challenge,
  expectedRPID: RP_ID,
  requireUserVerification: true,
};
const signal = new AbortController().signal;

for (const [name, { program, firmware, versions, wrongPins, triesLeft }] of Object.entries(KEYS)) {
  describe(`our client with the key of ${name}`, () => {
    let keys: SecurityKeys;
    let unplug = async () => {};
    beforeEach(() => {
      ({ keys, unplug } = plugIn(program()));
    });
    afterEach(() => unplug());

    const register = (excludeIds: readonly Uint8Array[] = []) =>
      registerWithSecurityKey({ ...REGISTRATION, excludeIds }, optionsWith(keys, PIN));
    const logIn = (pin: string, request = REQUEST) => assertWithSecurityKey(request, optionsWith(keys, pin));
    const survey = async () => {
      const [surveyed] = await surveyKeys({ keys, signal });
      assert.ok(surveyed !== undefined && "facts" in surveyed, JSON.stringify(surveyed));
      return surveyed.facts;
    };

    it("reads what it says of itself, and how many PIN tries are left", async () => {
      const facts = { firmware, versions, pin: "set", pinTriesLeft: 8, fingerprint: "none" };
      assert.deepEqual(await survey(), facts);
    });

    it("registers with the PIN, and logs in twice", async () => {
      const registration = await register();
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        ...EXPECTED,
        expectedOrigin: ORIGIN,
        response: newCredential(registration),
      });
      assert.ok(verified);
      const { credential } = registrationInfo;
      for (let logins = 0; logins < 2; logins += 1) {
        const { newCounter } = await verifyLogin(await logIn(PIN), credential);
        assert.ok(newCounter > credential.counter, `counter ${newCounter} after ${credential.counter}`);
        credential.counter = newCounter;
      }
    });

    it("finds an excluded credential", async () => {
      const { credentialId } = await register();
      await assert.rejects(register([credentialId]), { code: "security-key-enrolled" });
    });

    it("is told that it holds nothing of another relying party", async () => {
      await register();
      const request = { ...REQUEST, rpId: "other.example.test", host: "other.example.test" };
      await assert.rejects(logIn(PIN, request), { code: "security-key-not-enrolled" });
    });

    it("says how many tries are left after a wrong PIN", async () => {
      await register();
      const message = "The PIN is wrong. Attempts left: 7.";
      await assert.rejects(logIn(WRONG_PIN), { code: "pin-wrong", message });
      assert.equal((await survey()).pinTriesLeft, 7);
    });

    it(`has ${triesLeft} PIN tries left after nine logins with a wrong PIN`, async () => {
      await register();
      const codes: unknown[] = [];
      for (const _ of wrongPins) codes.push(await logIn(WRONG_PIN).catch(({ code }) => code));
      assert.deepEqual(codes, wrongPins);
      assert.equal((await survey()).pinTriesLeft, triesLeft);
    });
  });
}

async function verifyLogin(assertion: Assertion, credential: WebAuthnCredential) {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    ...EXPECTED,
    expectedOrigin: `https://${RP_ID}`,
    credential,
    response: loginCredential(assertion),
  });
  assert.ok(verified);
  assert.equal(base64url(assertion.userHandle), base64url(USER_HANDLE));
  return authenticationInfo;
}

/** Of a script that has one PIN on standard input. */
function optionsWith(keys: SecurityKeys, pin: string): RegistrationOptions {
  const unasked = () => assert.fail("asked for something other than the PIN and a touch");
  const asked = { pin: async () => pin, touch: () => () => {} };
  const prompts = { ...asked, newPin: unasked, insertKey: unasked, unplugged: unasked, busy: unasked };
  return { keys, prompts, signal, timeoutMs: 60_000, pinAttempts: 1 };
}

/** Starts the program of a key. */
function plugIn(program: string) {
  const child = spawn(program, [PIN], { env: {}, stdio: ["pipe", "pipe", "inherit"] });
  const exit = once(child, "exit");
  let listener: PipeListener | undefined;
  let rest = Buffer.alloc(0);
  child.stdout.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= REPORT_SIZE; rest = rest.subarray(REPORT_SIZE)) {
      listener?.report(rest.subarray(0, REPORT_SIZE));
    }
  });
  child.stdin.on("error", (error) => listener?.error(error));
  child.on("exit", () => listener?.error(new Error(`${program} ended`)));
  const keys: SecurityKeys = {
    list: async () => [{ path: program, name: "The foreign key" }],
    open: async () => ({
      listen: (next) => {
        listener = next;
      },
      write: async (report) => void child.stdin.write(report),
      close: async () => {
        listener = undefined;
      },
    }),
  };
  const unplug = async () => {
    child.stdin.end();
    await exit;
  };
  return { keys, unplug };
}
