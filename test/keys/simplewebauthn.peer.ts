import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { verifyAuthenticationResponse, verifyRegistrationResponse } from "@simplewebauthn/server";
import { assertWithSecurityKey } from "../../token/fido2/assertion.ts";
import { softSecurityKeys } from "../lab/key/soft-security-keys.ts";
import { PIN, RawClient, RP_ID } from "../lab-tests/key/raw-client.ts";
import { FIDO2_KEYS } from "./every-profile.ts";
import { base64url, publicKeyCredential } from "./public-key-credential.ts";
import { registerRaw } from "./raw-registration.ts";

const EXPECTED = { expectedOrigin: `https://${RP_ID}`, expectedRPID: RP_ID, requireUserVerification: true };
const newChallenge = () => randomBytes(32).toString("base64url");

describe("@simplewebauthn/server", () => {
  for (const [name, profile] of FIDO2_KEYS) {
    it(`takes a registration on the software key, and two logins with it: ${name}`, async () => {
      const client = new RawClient({ profile, change: (state) => Object.assign(state, { credentials: [] }) });
      const userHandle = randomBytes(16);
      const registered = await verify(client, userHandle);
      assert.deepEqual(
        { fmt: registered.fmt, aaguid: registered.aaguid.replaceAll("-", "") },
        { fmt: "packed", aaguid: profile.aaguid },
      );

      let { counter } = registered.credential;
      for (let logins = 0; logins < 2; logins += 1) {
        const expectedChallenge = newChallenge();
        const assertion = await logIn(client, expectedChallenge);
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...EXPECTED,
          expectedChallenge,
          credential: { ...registered.credential, counter },
          response: publicKeyCredential(assertion.credentialId, {
            authenticatorData: base64url(assertion.authenticatorData),
            clientDataJSON: base64url(assertion.clientDataJson),
            signature: base64url(assertion.signature),
            userHandle: base64url(assertion.userHandle),
          }),
        });
        assert.deepEqual(
          { verified, userHandle: base64url(assertion.userHandle) },
          { verified: true, userHandle: base64url(userHandle) },
        );
        const { newCounter } = authenticationInfo;
        assert.ok(newCounter > counter, `counter ${newCounter} after ${counter}`);
        counter = newCounter;
      }
    });
  }
});

/** What the server made of a new credential on the key. */
async function verify(client: RawClient, userHandle: Uint8Array) {
  const challenge = newChallenge();
  const { attestationObject, clientDataJson } = await registerRaw(client, { challenge, userHandle });
  const [credential] = client.state.credentials;
  const verification = await verifyRegistrationResponse({
    ...EXPECTED,
    expectedChallenge: challenge,
    supportedAlgorithmIDs: [-7],
    response: publicKeyCredential(Buffer.from(credential?.credentialId ?? "", "base64url"), {
      attestationObject: base64url(attestationObject),
      clientDataJSON: base64url(clientDataJson),
    }),
  });
  assert.ok(verification.verified);
  return verification.registrationInfo;
}

function logIn(client: RawClient, challenge: string) {
  const quiet = () => {};
  return assertWithSecurityKey(
    { rpId: RP_ID, host: RP_ID, challenge },
    {
      keys: softSecurityKeys({ keys: [client.key] }),
      prompts: { pin: async () => PIN, insertKey: quiet, unplugged: quiet, touch: () => quiet, busy: quiet },
      signal: new AbortController().signal,
      timeoutMs: 60_000,
      timers: client.timers,
    },
  );
}
