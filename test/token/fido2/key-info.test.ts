import assert from "node:assert/strict";
import { decodeAnswer } from "../../../token/fido2/ctap-cbor.ts";
import { keyInfo } from "../../../token/fido2/key-info.ts";

const info = (hex: string) => keyInfo(decodeAnswer(Buffer.from(hex, "hex")));

describe("getInfo", () => {
  // Source: token/fido2/CTAP.md, "Yubico's keys".
  it("of a YubiKey 5.4.3 is read", () => {
    assert.deepEqual(
      info(
        "ac0183665532465f5632684649444f5f325f306c4649444f5f325f315f50524502826b6372656450726f746563746b686d61632d73656372657403502fc0579f811347eab116bb5a8db9202a04a562726bf5627570f564706c6174f469636c69656e7450696ef57563726564656e7469616c4d676d7450726576696577f5051904b00682020107080818800982636e6663637573620a82a263616c672664747970656a7075626c69632d6b6579a263616c672764747970656a7075626c69632d6b65790d040e1a00050403",
      ),
      {
        versions: ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE"],
        options: new Map([
          ["rk", true],
          ["up", true],
          ["plat", false],
          ["clientPin", true],
          ["credentialMgmtPreview", true],
        ]),
        pinUvAuthProtocols: [2, 1],
        forcePinChange: false,
        minPinLength: 4,
        extensions: ["credProtect", "hmac-secret"],
        fingerAttempts: 3,
        maxMessageSize: 1200,
        maxCredentialsInList: 8,
        maxCredentialIdLength: 128,
        firmwareVersion: 0x050403,
      },
    );
  });

  // Source: Yubico/python-fido2, tests/test_ctap2.py, `_INFO_EXTRA_KEY` (its own sample with an unknown member 0x63).
  it("of a key with a member nobody knows is read", () => {
    assert.deepEqual(
      info(
        "a70182665532465f5632684649444f5f325f3002826375766d6b686d61632d7365637265740350f8a011f38c0a4d15800617111f9edc7d04a462726bf5627570f564706c6174f469636c69656e7450696ef4051904b006810118631904d2",
      ),
      {
        versions: ["U2F_V2", "FIDO_2_0"],
        options: new Map([
          ["rk", true],
          ["up", true],
          ["plat", false],
          ["clientPin", false],
        ]),
        pinUvAuthProtocols: [1],
        forcePinChange: false,
        minPinLength: 4,
        extensions: ["uvm", "hmac-secret"],
        fingerAttempts: 3,
        maxMessageSize: 1200,
        maxCredentialsInList: 1,
        maxCredentialIdLength: undefined,
        firmwareVersion: undefined,
      },
    );
  });

  it("that says almost nothing means the defaults of CTAP 2.0", () => {
    assert.deepEqual(info("a10181684649444f5f325f30"), {
      versions: ["FIDO_2_0"],
      options: new Map(),
      pinUvAuthProtocols: [1],
      forcePinChange: false,
      minPinLength: 4,
      extensions: [],
      fingerAttempts: 3,
      maxMessageSize: 1024,
      maxCredentialsInList: 1,
      maxCredentialIdLength: undefined,
      firmwareVersion: undefined,
    });
  });

  it("that demands a new PIN and a longer one is heeded", () => {
    const { forcePinChange, minPinLength } = info("a30181684649444f5f325f300cf50d06");
    assert.deepEqual({ forcePinChange, minPinLength }, { forcePinChange: true, minPinLength: 6 });
  });

  it("with odd versions and options is read without them", () => {
    const { versions, options } = info("a201826146010" + "4a26172f561750" + "1");
    assert.deepEqual({ versions, options }, { versions: ["F"], options: new Map([["r", true]]) });
  });

  it("with options that are no map is refused", () => {
    assert.throws(() => info("a10481f5"), { code: "security-key-failed" });
  });
});
