import assert from "node:assert/strict";
import {
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Registration } from "../../token/fido2/ceremony/registration.ts";
import { readsFingers } from "../lab/key/soft-finger.ts";
import { PIN, REQUEST, RP_ID, USER_HANDLE } from "../token/fido2/key-bench.ts";
import { MAKERS_ROOT, registrationBench } from "../token/fido2/registration-bench.ts";
import { FIDO2_KEYS } from "./every-profile.ts";
import { base64url, loginCredential, newCredential } from "./public-key-credential.ts";

const EXPECTED = {
  expectedChallenge: REQUEST.challenge,
  expectedRPID: RP_ID,
  requireUserVerification: true,
};

describe("@simplewebauthn/server", () => {
  before(() => SettingsService.setRootCertificates({ identifier: "packed", certificates: [MAKERS_ROOT] }));

  for (const [name, profile] of FIDO2_KEYS) {
    it(`takes our client's registration, and two logins after it: ${name}`, async () => {
      const pins = readsFingers(profile) ? [] : [PIN, PIN, PIN];
      const bench = registrationBench({ profile, pins });
      const registered = await verify(await bench.register());
      const { aaguid, fmt } = registered;
      assert.deepEqual(
        { fmt, aaguid: aaguid.replaceAll("-", "") },
        { fmt: "packed", aaguid: profile.aaguid },
      );

      let { counter } = registered.credential;
      for (let logins = 0; logins < 2; logins += 1) {
        const assertion = await bench.login();
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...EXPECTED,
          expectedOrigin: `https://${RP_ID}`,
          credential: { ...registered.credential, counter },
          response: loginCredential(assertion),
        });
        assert.deepEqual(
          { verified, userHandle: base64url(assertion.userHandle) },
          { verified: true, userHandle: base64url(USER_HANDLE) },
        );
        const { newCounter } = authenticationInfo;
        assert.ok(newCounter > counter, `counter ${newCounter} after ${counter}`);
        counter = newCounter;
      }
    });
  }
});

/** What the server made of a new credential. */
async function verify(registration: Registration) {
  const verification = await verifyRegistrationResponse({
    ...EXPECTED,
    expectedOrigin: `https://${REQUEST.host}`,
    supportedAlgorithmIDs: [-7],
    response: newCredential(registration),
  });
  assert.ok(verification.verified);
  const { credential } = verification.registrationInfo;
  assert.equal(base64url(credential.publicKey), base64url(registration.publicKey));
  return verification.registrationInfo;
}
