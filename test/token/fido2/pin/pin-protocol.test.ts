import assert from "node:assert/strict";
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import {
  choosePinUvProtocol,
  keyAgreementKey,
  type PinUvProtocol,
  pinHash,
  pinLengthProblem,
  sharedPoint,
} from "../../../../token/fido2/pin/pin-protocol.ts";

const bytes = (hex: string) => Buffer.from(hex, "hex");
const hex = (buffer: Uint8Array | undefined) => buffer && Buffer.from(buffer).toString("hex");

function protocol(version: number): PinUvProtocol {
  const found = choosePinUvProtocol([version]);
  assert.ok(found);
  return found;
}

/**
 * Key pairs, and for protocol one the shared secret, the sealed PIN hash of "1234" and the sealed 16-byte token: from the
 * tests of Yubico/python-fido2 (test/test_ctap2.py) and Yubico/yubikit-android (PinAuthCryptoUtilTest.java), which agree.
 * All of protocol two, the 32-byte token and the authentications: computed by python-fido2 2.2.1 (PinProtocolV1 and
 * PinProtocolV2) from the same keys, with the IV 000102…0f; the token is 000102…1f and the message SHA-256("client data").
 * So are `macKey` and `macParam`, which authenticates the message with it.
 */
const OURS = createPrivateKey({
  key: {
    kty: "EC",
    crv: "P-256",
    d: bytes("7452e599fee739d8a653f6a507343d12d382249108a651402520b72f24fe7684").toString("base64url"),
    x: bytes("44d78d7989b97e62ea993496c9ef6e8fd58b8b00715f9a89153ddd9c4657e47f").toString("base64url"),
    y: bytes("ec802ee7d22bd4e100f12e48537eb4e7e96ed3a47a0a3bd5f5eeab65001664f9").toString("base64url"),
  },
  format: "jwk",
});
const THEIRS = new Map<number, unknown>([
  [1, 2],
  [3, -25],
  [-1, 1],
  [-2, bytes("0501d5bc78da9252560a26cb08fcc60cbe0b6d3b8e1d1fcee514fac0af675168")],
  [-3, bytes("d551b3ed46f665731f95b4532939c25d91db7eb844bd96d4abd4083785f8df47")],
]);
const PIN_HASH = bytes("03ac674216f3e15c761ee1a5e255f067");
const IV = bytes("000102030405060708090a0b0c0d0e0f");
const TOKEN = bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const MESSAGE = bytes("108a9107a11167c1d1090f07d6fd7dbf37f8cd8ad88a90fc1b3bc067c120fd23");

const VECTORS = [
  {
    version: 1,
    encryptionKey: "c42a039d548100dfba521e487debcbbb8b66bb7496f8b1862a7a395ed83e1a1c",
    macKey: "c42a039d548100dfba521e487debcbbb8b66bb7496f8b1862a7a395ed83e1a1c",
    macParam: "2f655e8d0a499bf01b54af1d7bd5876f",
    pinHashEnc: "afe8327ce416da8ee3d057589c2ce1a9",
    sealedToken: "e5f19141f64bf886d74b6f4d9c3e4520e9f257c33260d4dcf5b7c2b01bd99fd0",
    param: "f6282ea8779a9fac930b7fde2eb331bf",
  },
  {
    version: 2,
    encryptionKey: "46cc03964825ccbaf159fde1958b2063871bd5b66ecf28972eaac583214a22d8",
    macKey: "65ef955dd8cfcacab489ad582d64b872299cec1970aeffb10c90b9d9f4b4f1a7",
    macParam: "e5a98caea5fc60e9c17d9239a50e825bc5e43a5a5cd2a7dc9484435a9af9a555",
    pinHashEnc: "000102030405060708090a0b0c0d0e0f09870d15a35707bcc287efb5be976011",
    sealedToken:
      "000102030405060708090a0b0c0d0e0f25d38170e84a14410d23a37ca10d175b112c2c1663fd172f26fff2f6f2910121",
    param: "f6282ea8779a9fac930b7fde2eb331bf1d4565c20d431c11ea7d75b4da565a64",
  },
] as const;

describe("PIN/UV auth protocols", () => {
  for (const { version, encryptionKey, macKey, macParam, pinHashEnc, sealedToken, param } of VECTORS) {
    describe(`protocol ${version}`, () => {
      it("arrives at the known shared secret", () => {
        assert.equal(hex(protocol(version).encryptionKey(sharedPoint(THEIRS, OURS))), encryptionKey);
      });

      it("arrives at the known key for a new PIN, and authenticates with it", () => {
        const key = protocol(version).macKey(sharedPoint(THEIRS, OURS));
        const known = { key: macKey, param: macParam };
        assert.deepEqual({ key: hex(key), param: hex(protocol(version).authenticate(key, MESSAGE)) }, known);
      });

      it("seals a PIN hash as known", () => {
        assert.equal(hex(protocol(version).encrypt(bytes(encryptionKey), PIN_HASH, IV)), pinHashEnc);
      });

      it("opens a known token", () => {
        assert.deepEqual(protocol(version).decrypt(bytes(encryptionKey), bytes(sealedToken)), TOKEN);
      });

      it("authenticates as known", () => {
        assert.equal(hex(protocol(version).authenticate(TOKEN, MESSAGE)), param);
      });

      for (const length of [0, 15, 17, version === 2 ? 16 : 31]) {
        it(`opens no token of ${length} bytes`, () => {
          assert.equal(protocol(version).decrypt(bytes(encryptionKey), Buffer.alloc(length)), undefined);
        });
      }
    });
  }

  it("opens the 16-byte token of an old key", () => {
    const token = protocol(1).decrypt(
      bytes(VECTORS[0].encryptionKey),
      bytes("7a9f98e31b77be90f9c64d12e9635040"),
    );
    assert.equal(hex(token), "aff12c6dcfbf9df52f7a09211e8865cd");
  });

  it("takes the first protocol of the key's list that it speaks", () => {
    const chosen = [[2, 1], [1, 2], [9, 1], [9], []].map((list) => choosePinUvProtocol(list)?.version);
    assert.deepEqual(chosen, [2, 1, 1, undefined, undefined]);
  });

  it("writes its half of the key agreement with exactly the five members", () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    assert.deepEqual(
      keyAgreementKey(publicKey),
      new Map<number, unknown>([
        [1, 2],
        [3, -25],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]),
    );
  });

  for (const [what, key] of [
    ["a point off the curve", new Map(THEIRS).set(-3, Buffer.alloc(32, 1))],
    ["a short coordinate", new Map(THEIRS).set(-2, Buffer.alloc(31, 1))],
    ["no coordinate", new Map<number, unknown>([[1, 2]])],
  ] as const) {
    it(`refuses ${what} from the key`, () => {
      assert.throws(() => sharedPoint(key, OURS), { code: "security-key-failed" });
    });
  }
});

describe("a PIN", () => {
  // SHA-256("1234") begins so: Yubico/yubikit-android, PinAuthCryptoUtilTest.java.
  it("stands on the wire as the first half of its SHA-256", () => {
    assert.equal(pinHash("1234").toString("hex"), "03ac674216f3e15c761ee1a5e255f067");
  });

  it("is the same PIN however the accent was typed", () => {
    assert.deepEqual(pinHash("caf\u0065\u0301"), pinHash("caf\u00e9"));
  });

  for (const [pin, least, problem] of [
    ["123", 4, "too-short"],
    ["1234", 4, undefined],
    ["12345", 6, "too-short"],
    // Four code points, eight UTF-16 units.
    ["🗝️🗝️", 4, undefined],
    ["🔑🔑🔑", 4, "too-short"],
    // e + combining accent is one code point once normalised.
    ["abce\u0301", 5, "too-short"],
    ["x".repeat(63), 4, undefined],
    ["x".repeat(64), 4, "too-long"],
    ["é".repeat(31), 4, undefined],
    ["é".repeat(32), 4, "too-long"],
  ] as const) {
    it(`of ${[...pin].length} characters and ${Buffer.byteLength(pin)} bytes, where ${least} are wanted, is ${problem ?? "possible"}`, () => {
      assert.equal(pinLengthProblem(pin, least), problem);
    });
  }
});
