import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { encode } from "cborg";
import {
  AuthenticationEmulatorError,
  AuthenticatorEmulator,
  CTAP_COMMAND,
  PasskeysCredentialsMemoryRepository,
  packMakeCredentialRequest,
  unpackMakeCredentialResponse,
} from "nid-webauthn-emulator";
import { assertWithSecurityKey } from "../../token/fido2/ceremony/assertion.ts";
import { assertionCount, readAssertion } from "../../token/fido2/ctap/answers.ts";
import { Ctap2 } from "../../token/fido2/ctap/ctap2.ts";
import { CtapHid } from "../../token/fido2/hid/ctap-hid.ts";
import { systemTimers } from "../../token/timers.ts";
import { softReports } from "../lab/key/soft-reports.ts";
import { CBOR, CHANNEL, ERROR, INIT, INVALID_CHANNEL, ScriptedPipe } from "../token/fido2/scripted-pipe.ts";
import { base64url, loginCredential, newCredential } from "./public-key-credential.ts";

const RP_ID = "vouch.example.test";
const EXPECTED = { expectedOrigin: `https://${RP_ID}`, expectedRPID: RP_ID, requireUserVerification: true };

describe("our client with the key of nid-webauthn-emulator", () => {
  let emulator: AuthenticatorEmulator;
  beforeEach(() => {
    emulator = new AuthenticatorEmulator({
      algorithmIdentifiers: ["ES256"],
      credentialsRepository: new PasskeysCredentialsMemoryRepository(),
    });
  });
  const open = async () => {
    const signal = new AbortController().signal;
    const hid = await CtapHid.open(pipeTo(emulator), { timers: systemTimers, signal, onBusy: () => {} });
    return new Ctap2(hid);
  };

  it("reads what it says of itself", async () => {
    const { options, versions, pinUvAuthProtocols, forcePinChange, minPinLength } = await (
      await open()
    ).getInfo();
    assert.deepEqual(
      { versions, pinUvAuthProtocols, forcePinChange, minPinLength, options: Object.fromEntries(options) },
      {
        versions: ["FIDO_2_0"],
        options: { rk: true, uv: true, up: true },
        pinUvAuthProtocols: [1],
        forcePinChange: false,
        minPinLength: 4,
      },
    );
  });

  it("gets an assertion that a server takes", async () => {
    const userHandle = randomBytes(16);
    const credential = await register(emulator, userHandle);
    const expectedChallenge = randomBytes(32).toString("base64url");
    const { json, hash } = clientData("webauthn.get", expectedChallenge);
    const answer = await (await open()).getAssertion(request(RP_ID, hash));
    const assertion = readAssertion(answer, RP_ID);
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...EXPECTED,
      expectedChallenge,
      credential,
      response: loginCredential({ ...assertion, clientDataJson: json }),
    });
    assert.deepEqual(
      { verified, count: assertionCount(answer), userHandle: base64url(assertion.userHandle) },
      { verified: true, count: 1, userHandle: base64url(userHandle) },
    );
    assert.equal(authenticationInfo.newCounter, 1);
    assert.deepEqual(assertion.account, { name: "ada@example.com", displayName: "Ada" });
  });

  it("is told that it holds nothing of a relying party", async () => {
    await register(emulator, randomBytes(16));
    const asked = (await open()).getAssertion(request("nobody.example.test", randomBytes(32)));
    await assert.rejects(asked, { status: 0x2e });
  });

  it("logs in with it by the finger that it pretends to have, for it knows no PIN", async () => {
    const credential = await register(emulator, randomBytes(16));
    const unasked = () => assert.fail("nobody is asked for anything");
    const challenge = randomBytes(32).toString("base64url");
    const assertion = await assertWithSecurityKey(
      { rpId: RP_ID, host: RP_ID, challenge },
      {
        keys: {
          list: async () => [{ path: "/dev/hidraw0", name: "NID" }],
          open: async () => pipeTo(emulator),
        },
        prompts: { pin: unasked, insertKey: unasked, unplugged: unasked, touch: unasked, busy: unasked },
        signal: new AbortController().signal,
        timeoutMs: 60_000,
      },
    );
    const { verified } = await verifyAuthenticationResponse({
      ...EXPECTED,
      expectedChallenge: challenge,
      credential,
      response: loginCredential(assertion),
    });
    assert.equal(verified, true);
  });
});

/** The emulator knows CTAP2's commands and no wire: it is at the end of a pipe here. */
function pipeTo(emulator: AuthenticatorEmulator): ScriptedPipe {
  return new ScriptedPipe((message, pipe) => {
    if (message.command === INIT) {
      pipe.answerInit(message);
    } else if (message.cid !== CHANNEL) {
      pipe.answer(message.cid, ERROR, INVALID_CHANNEL);
    } else {
      const answer = commanded(emulator, message.payload);
      for (const report of softReports(message.cid, CBOR, answer)) pipe.feed(report);
    }
  });
}

/** A status that is no success is thrown by it. */
function commanded(emulator: AuthenticatorEmulator, [command = 0, ...parameters]: Buffer): Buffer {
  assert.ok(command in CTAP_COMMAND, `command ${command}`);
  try {
    const data = new Uint8Array(parameters);
    const answer = emulator.command({ command, ...(data.length > 0 && { data }) });
    return Buffer.concat([Buffer.of(answer.status), answer.data ?? new Uint8Array()]);
  } catch (error) {
    if (error instanceof AuthenticationEmulatorError) return Buffer.of(error.status);
    throw error;
  }
}

async function register(emulator: AuthenticatorEmulator, userHandle: Uint8Array<ArrayBuffer>) {
  const expectedChallenge = randomBytes(32).toString("base64url");
  const { json, hash } = clientData("webauthn.create", expectedChallenge);
  const made = unpackMakeCredentialResponse(
    emulator.command(
      packMakeCredentialRequest({
        clientDataHash: hash,
        rp: { id: RP_ID, name: "Vouch" },
        user: { id: userHandle, name: "ada@example.com", displayName: "Ada" },
        pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      }),
    ),
  );
  const id = made.authData.subarray(55, 55 + 32);
  const verification = await verifyRegistrationResponse({
    ...EXPECTED,
    expectedChallenge,
    response: newCredential({ credentialId: id, attestationObject: encode(made), clientDataJson: json }),
  });
  assert.ok(verification.verified);
  return verification.registrationInfo.credential;
}

function clientData(type: string, challenge: string) {
  const json = Buffer.from(
    JSON.stringify({ type, challenge, origin: `https://${RP_ID}`, crossOrigin: false }),
  );
  return { json, hash: new Uint8Array(createHash("sha256").update(json).digest()) };
}

/** The emulator looks at no proof. */
function request(rpId: string, clientDataHash: Uint8Array) {
  return { rpId, clientDataHash, verification: "none", touch: true } as const;
}
