import assert from "node:assert/strict";
import { ClientPin } from "../../../../token/fido2/ctap/client-pin.ts";

const KEY_AGREEMENT = new Map<number, unknown>([[1, 2]]);
const HASH = Buffer.from("hash");
const PARAM = Buffer.from("param");
const PIN = Buffer.from("pin");
const AGREED = { protocol: 2, keyAgreement: KEY_AGREEMENT };
const NEW_PIN = { ...AGREED, newPinEnc: PIN, pinUvAuthParam: PARAM };

/** What is asked, by what asks it. Source: token/fido2/CTAP.md, "clientPIN". */
const REQUESTS: Readonly<Record<string, readonly [(pin: ClientPin) => Promise<unknown>, object, boolean]>> = {
  "PIN retries": [(pin) => pin.getPinRetries(2), { 1: 2, 2: 1 }, false],
  "the key agreement": [(pin) => pin.getKeyAgreement(2), { 1: 2, 2: 2 }, false],
  "the first PIN": [(pin) => pin.setPin(NEW_PIN), { 1: 2, 2: 3, 3: KEY_AGREEMENT, 4: PARAM, 5: PIN }, true],
  "another PIN": [
    (pin) => pin.changePin({ ...NEW_PIN, pinHashEnc: HASH }),
    { 1: 2, 2: 4, 3: KEY_AGREEMENT, 4: PARAM, 5: PIN, 6: HASH },
    true,
  ],
  "a token of CTAP 2.0": [
    (pin) => pin.getPinToken({ ...AGREED, pinHashEnc: HASH, scope: undefined }),
    { 1: 2, 2: 5, 3: KEY_AGREEMENT, 6: HASH },
    true,
  ],
  "a token for an assertion alone": [
    (pin) =>
      pin.getPinToken({ ...AGREED, pinHashEnc: HASH, scope: { permission: "getAssertion", rpId: "a" } }),
    { 1: 2, 2: 9, 3: KEY_AGREEMENT, 6: HASH, 9: 2, 10: "a" },
    true,
  ],
  "a token for a credential alone": [
    (pin) =>
      pin.getPinToken({ ...AGREED, pinHashEnc: HASH, scope: { permission: "makeCredential", rpId: "a" } }),
    { 1: 2, 2: 9, 3: KEY_AGREEMENT, 6: HASH, 9: 1, 10: "a" },
    true,
  ],
  "a token by finger": [
    (pin) => pin.getFingerprintToken({ ...AGREED, scope: { permission: "getAssertion", rpId: "a" } }, {}),
    { 1: 2, 2: 6, 3: KEY_AGREEMENT, 9: 2, 10: "a" },
    true,
  ],
  "fingerprint retries": [(pin) => pin.getFingerprintRetries(2), { 1: 2, 2: 7 }, false],
};

describe("clientPIN", () => {
  for (const [what, [ask, members, isOnce]] of Object.entries(REQUESTS)) {
    it(`asks for ${what} with these members${isOnce ? ", and never twice" : ""}`, async () => {
      let asked: object | undefined;
      let spendsTry: boolean | undefined;
      const answer = new Map<number, unknown>([
        [1, KEY_AGREEMENT],
        [2, Buffer.alloc(32)],
        [3, 8],
        [5, 3],
      ]);
      await ask(
        new ClientPin(async (parameters, _, options) => {
          asked = Object.fromEntries(parameters);
          spendsTry = options?.spendsTry ?? false;
          return answer;
        }),
      );
      assert.deepEqual({ asked, spendsTry }, { asked: members, spendsTry: isOnce });
    });
  }
});
