import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { decode } from "cborg";
import { enrolCredential, newSoftKeyState } from "../../lab/key/soft-key-state.ts";

const ada = { rpId: "vouch.example.test", userHandle: Buffer.alloc(16, 1), userName: "ada" };

describe("the state of a software security key", () => {
  it("is plain JSON", () => {
    const state = newSoftKeyState({ pin: "1234" });
    enrolCredential(state, ada);
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
  });

  // SHA-256("1234") begins so: Yubico/yubikit-android, PinAuthCryptoUtilTest.java.
  it("of a new key has all tries and no credential", () => {
    const empty = {
      pinRetries: 8,
      wrongInARow: 0,
      uvRetries: 3,
      forcePinChange: false,
      signCount: 0,
      credentials: [],
    };
    assert.deepEqual(newSoftKeyState({ pin: "1234" }), {
      ...empty,
      pinHash: "03ac674216f3e15c761ee1a5e255f067",
    });
    assert.deepEqual(newSoftKeyState(), { ...empty, pinHash: null });
  });

  it("gains a credential whose public half the server gets in COSE", () => {
    const state = newSoftKeyState();
    const { credentialId, cosePublicKey, counter } = enrolCredential(state, ada);
    const [credential] = state.credentials;
    assert.ok(credential);
    const { x, y } = createPublicKey({ key: credential.privateKey, format: "jwk" }).export({ format: "jwk" });
    const cose = decode(cosePublicKey, { useMaps: true });
    assert.deepEqual(
      [...cose].map(([member, value]) => [
        member,
        typeof value === "number" ? value : Buffer.from(value).toString("base64url"),
      ]),
      [
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, x],
        [-3, y],
      ],
    );
    assert.deepEqual(
      { ...credential, privateKey: undefined, counter },
      {
        credentialId: Buffer.from(credentialId).toString("base64url"),
        rpId: ada.rpId,
        userHandle: "AQEBAQEBAQEBAQEBAQEBAQ",
        userName: "ada",
        displayName: "ada",
        privateKey: undefined,
        discoverable: true,
        protection: 1,
        counter: 0,
      },
    );
  });

  it("keeps one discoverable credential for each user and relying party", () => {
    const state = newSoftKeyState();
    enrolCredential(state, ada);
    const other = enrolCredential(state, { ...ada, rpId: "other.example" });
    const again = enrolCredential(state, ada);
    const unnamed = enrolCredential(state, { ...ada, discoverable: false });
    assert.deepEqual(
      state.credentials.map(({ credentialId }) => credentialId),
      [other, again, unnamed].map(({ credentialId }) => Buffer.from(credentialId).toString("base64url")),
    );
  });
});
