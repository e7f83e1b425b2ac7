import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { assertionCount, keyInfo, readAssertion } from "../../../../token/fido2/ctap/answers.ts";
import { decodeAnswer } from "../../../../token/fido2/ctap/cbor.ts";

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

const RP_ID = "vouch.example.test";
const USER = Buffer.from("0190a1b2c3d47e5f8a9b0c1d2e3f4051", "hex");

interface Parts {
  readonly rpId?: string;
  readonly flags?: number;
  readonly user?: ReadonlyMap<unknown, unknown> | undefined;
}

function answer({ rpId = RP_ID, flags = 0x05, user = new Map([["id", USER]]) }: Parts = {}) {
  const authData = Buffer.concat([
    createHash("sha256").update(rpId).digest(),
    Buffer.from([flags, 0, 0, 0, 9]),
  ]);
  return new Map<unknown, unknown>([
    [
      0x01,
      new Map<unknown, unknown>([
        ["id", Buffer.from("cred")],
        ["type", "public-key"],
      ]),
    ],
    [0x02, authData],
    [0x03, Buffer.from("signature")],
    [0x04, user],
  ]);
}

describe("an assertion", () => {
  it("is read whole", () => {
    const user = new Map<unknown, unknown>([
      ["id", USER],
      ["name", "ada"],
      ["displayName", "Ada"],
    ]);
    const full = answer({ user });
    assert.deepEqual(readAssertion(full, RP_ID), {
      credentialId: Buffer.from("cred"),
      authenticatorData: full.get(0x02),
      signature: Buffer.from("signature"),
      userHandle: USER,
      account: { name: "ada", displayName: "Ada" },
    });
  });

  it("says how many there are, and is one when it does not", () => {
    assert.deepEqual([assertionCount(answer()), assertionCount(answer().set(0x05, 3))], [1, 3]);
  });

  // Source: Yubico/python-fido2, tests/test_ctap2.py, `_GA_RESP`: for example.com's hash 0021f5fc…, touched, no PIN.
  it("of another relying party is refused", () => {
    const foreign = decodeAnswer(
      Buffer.from(
        "a301a26269645840fe3aac036d14c1e1c65518b698dd1da8f596bc33e11072813466c6bf3845691509b80fb76d59309b8d39e0a93452688f6ca3a39a76f3fc52744fb73948b1578364747970656a7075626c69632d6b65790258250021f5fc0b85cd22e60623bcd7d1ca48948909249b4776eb515154e57b66ae12010000001d035846304402206765cbf6e871d3af7f01ae96f06b13c90f26f54b905c5166a2c791274fc2397102200b143893586cc799fba4da83b119eaea1bd80ac3ce88fcedb3efbd596a1f4f63",
        "hex",
      ),
    );
    assert.throws(() => readAssertion(foreign, RP_ID), {
      code: "security-key-failed",
      message: `The security key responded for a server other than ${RP_ID}.`,
    });
  });

  for (const [what, parts, code] of [
    ["without a touch", { flags: 0x04 }, "security-key-failed"],
    ["without a verified PIN", { flags: 0x01 }, "security-key-failed"],
    ["without a user handle", { user: new Map() }, "security-key-not-enrolled"],
    ["with an empty user handle", { user: new Map([["id", Buffer.alloc(0)]]) }, "security-key-not-enrolled"],
    ["for a name that only looks alike", { rpId: "vouch.example.tesT" }, "security-key-failed"],
  ] as const) {
    it(`${what} is refused`, () => {
      assert.throws(() => readAssertion(answer(parts), RP_ID), { code });
    });
  }

  for (const member of [0x01, 0x02, 0x03]) {
    it(`without member 0x0${member} is refused`, () => {
      const incomplete = answer();
      incomplete.delete(member);
      assert.throws(() => readAssertion(incomplete, RP_ID), { code: "security-key-failed" });
    });
  }

  it("with authenticator data that stops short is refused", () => {
    assert.throws(() => readAssertion(answer().set(0x02, Buffer.alloc(36)), RP_ID), {
      code: "security-key-failed",
    });
  });
});
