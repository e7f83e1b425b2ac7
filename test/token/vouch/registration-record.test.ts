import assert from "node:assert/strict";
import {
  GRANTS,
  loadRegistration,
  type RegistrationRecord,
  registrationStep,
  saveRegistration,
} from "../../../token/vouch/registration-record.ts";
import { serverUrl } from "../../../token/vouch/server-url.ts";
import { NOON } from "./http-answer.ts";
import { memoryKeyStore } from "./memory-key-store.ts";

const SERVER = serverUrl("https://vouch.example.test");
const DAY_MS = 86_400_000;
const RECORD: RegistrationRecord = {
  clientId: "client-1",
  keyId: "kid-1",
  grants: GRANTS,
  verifiedAt: NOON,
  management: { url: "https://vouch.example.test/oauth/register/client-1", token: "CANARY" },
};

describe("registrationStep", () => {
  const { management: _none, ...unmanaged } = RECORD;
  const at = (url: string) => ({ ...RECORD, management: { url, token: "CANARY" } });
  const short = GRANTS.slice(0, 2);
  const steps: Readonly<Record<string, [RegistrationRecord | undefined, string]>> = {
    "there is none": [undefined, "register"],
    "the key is another": [{ ...RECORD, keyId: "kid-0" }, "register"],
    "it cannot be managed": [{ ...unmanaged, verifiedAt: 0 }, "trust"],
    "it cannot be managed and lacks a grant": [{ ...unmanaged, grants: short }, "register"],
    "its address is at another host": [at("https://other.example.test/oauth/register/client-1"), "register"],
    "its address is at another port": [
      at("https://vouch.example.test:8443/oauth/register/client-1"),
      "register",
    ],
    "its address is plain http": [at("http://vouch.example.test/oauth/register/client-1"), "register"],
    "its address is none": [at("client-1"), "register"],
    "it lacks a grant": [{ ...RECORD, grants: short }, "repair"],
    "it was confirmed just now": [RECORD, "trust"],
    "it was confirmed nearly a day ago": [{ ...RECORD, verifiedAt: NOON - DAY_MS + 1 }, "trust"],
    "it was confirmed a day ago": [{ ...RECORD, verifiedAt: NOON - DAY_MS }, "validate"],
    "it was confirmed in the future": [{ ...RECORD, verifiedAt: NOON + 1 }, "validate"],
  };
  for (const [when, [record, step]] of Object.entries(steps)) {
    it(`is to ${step} when ${when}`, () => {
      assert.equal(registrationStep(record, { keyId: "kid-1", server: SERVER, nowMs: NOON }), step);
    });
  }
});

describe("a stored registration", () => {
  it("comes back as it was, one for each server", () => {
    const keyStore = memoryKeyStore();
    const other = serverUrl("https://vouch.example.test:8443");
    const { management: _none, ...unmanaged } = RECORD;
    saveRegistration(keyStore, SERVER, RECORD);
    saveRegistration(keyStore, other, unmanaged);

    assert.deepEqual(loadRegistration(keyStore, SERVER), RECORD);
    assert.deepEqual(loadRegistration(keyStore, other), unmanaged);
    assert.deepEqual(
      [...keyStore.entries.keys()],
      ["registration:vouch.example.test", "registration:vouch.example.test:8443"],
    );
  });

  for (const text of ["", "{", "[]", "{}", '{"clientId":"client-1"}', '{"clientId":7,"keyId":"kid-1"}']) {
    it(`counts as none when it reads ${JSON.stringify(text)}`, () => {
      const keyStore = memoryKeyStore({ "registration:vouch.example.test": text });
      assert.equal(loadRegistration(keyStore, SERVER), undefined);
    });
  }

  it("is asked for again when only its ids can be read", () => {
    const keyStore = memoryKeyStore({
      "registration:vouch.example.test": '{"clientId":"client-1","keyId":"kid-1","management":{"url":"x"}}',
    });
    assert.deepEqual(loadRegistration(keyStore, SERVER), {
      clientId: "client-1",
      keyId: "kid-1",
      grants: [],
      verifiedAt: 0,
    });
  });
});
