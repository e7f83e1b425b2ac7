import assert from "node:assert/strict";
import { deriveFacts } from "../../../../doctor/derive/derive.ts";
import type { DoctorEvidence } from "../../../../doctor/evidence/evidence.ts";
import { withMissing } from "../../../../doctor/evidence/reads.ts";
import { healthyBundle, keysRefused, pluginFailed, without } from "../../support/bundle.ts";

const EXPIRED = "An error occurred (ExpiredToken) when calling the GetCallerIdentity operation: it expired";

/** Where a refusal was found, how sure it is, and which parts were missing on the way. */
function search(bundle: DoctorEvidence, pattern: RegExp) {
  const { value, missing } = withMissing(() => deriveFacts(bundle).credentialErrors?.match(pattern));
  return { by: value?.quote.by, confidence: value?.confidence, missing };
}

describe("a search for a refusal of credentials", () => {
  it("needs no other source once AWS refused", () => {
    const bundle = without(keysRefused(EXPIRED), "pluginRun");
    assert.deepEqual(search(bundle, /ExpiredToken/), {
      by: "caller-identity",
      confidence: "certain",
      missing: [],
    });
  });

  it("is over when AWS or the plugin refused in other words", () => {
    for (const bundle of [keysRefused(EXPIRED), pluginFailed("The SSO session has ended")]) {
      assert.deepEqual(search(bundle, /InvalidClientTokenId/).missing, []);
    }
  });

  it("misses the answer of AWS when the call failed for another reason", () => {
    const bundle = keysRefused("no answer within 10 s");
    assert.deepEqual(search(bundle, /ExpiredToken/).missing, ["callerIdentity"]);
  });

  it("misses the plugin when nobody ran it", () => {
    const bundle = without(pluginFailed(EXPIRED), "pluginRun");
    assert.deepEqual(search(bundle, /InvalidClientTokenId/).missing, ["pluginRun"]);
  });

  it("trusts the words of a call less when the plugin gives a token, or AWS an identity", () => {
    const callerIdentity = {
      UserId: "AROAEXAMPLEEXAMPLE123:ada",
      Account: "111122223333",
      Arn: "arn:aws:sts::111122223333:assumed-role/Dev/ada",
    };
    const refused = pluginFailed(EXPIRED, { changes: { callerIdentity } });
    assert.deepEqual(search(refused, /ExpiredToken/), { by: "plugin", confidence: "likely", missing: [] });
    const works = { ...refused, pluginRun: { exitCode: 0, stderr: "" } };
    assert.deepEqual(search(works, /ExpiredToken/), { by: "call", confidence: "possible", missing: [] });
  });

  it("is not made where the identity was accepted", () => {
    assert.equal(deriveFacts(healthyBundle()).credentialErrors, undefined);
  });
});
