import assert from "node:assert/strict";
import { stsSignatureOutOfTime } from "../../../../doctor/rules/token/sts-signature-out-of-time.ts";
import { without } from "../../support/bundle.ts";
import { confidences, keysRefused, pluginFailed, verdicts } from "../../support/credential-case.ts";

const EXPIRED =
  "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: Signature expired: 20260115T110000Z is now earlier than 20260115T114500Z (20260115T120000Z - 15 min.)";

const SLOW = { clocks: [{ peer: "sts.eu-west-1.amazonaws.com", aheadSeconds: -2400 }] };

describe("sts-signature-out-of-time", () => {
  it("is certain of AWS's words where a clock that was compared differs", () => {
    assert.deepEqual(verdicts(stsSignatureOutOfTime, keysRefused(EXPIRED, SLOW)), [
      {
        cause: "S8",
        stage: "token",
        severity: "error",
        confidence: "certain",
        commands: ["sudo timedatectl set-ntp true", "sudo hwclock -s"],
      },
    ]);
  });

  it("is less sure while no clock was compared, and only possible when the clocks agree by now", () => {
    const bundle = keysRefused(EXPIRED);
    assert.deepEqual(confidences(stsSignatureOutOfTime, without(bundle, "clocks")), ["S8 likely"]);
    assert.deepEqual(confidences(stsSignatureOutOfTime, bundle), ["S8 possible"]);
  });

  for (const words of [
    "Signature not yet current: 20260115T130000Z is still later than 20260115T120500Z (20260115T120000Z + 5 min.)",
    "This machine's clock is about 400 s behind that of us.vouch.sh, which therefore refused the login.",
  ]) {
    it(`knows the words “${words}”`, () => {
      assert.deepEqual(confidences(stsSignatureOutOfTime, pluginFailed(words, { changes: SLOW })), [
        "S8 certain",
      ]);
    });
  }

  it("leaves a wrong secret alone", () => {
    const words =
      "An error occurred (SignatureDoesNotMatch) when calling the GetCallerIdentity operation: The request signature we calculated does not match the signature you provided.";
    assert.deepEqual(confidences(stsSignatureOutOfTime, keysRefused(words)), []);
  });
});
