/** How one model of key answers. Source: token/fido2/CTAP.md, "Yubico's keys", and the sources named at each member. */
export interface SoftKeyProfile {
  readonly name: string;
  /** Major, minor, build, as in the answer to INIT. */
  readonly firmware: readonly [number, number, number];
  /** Source: token/fido2/CTAP.md, "CTAPHID commands". */
  readonly capabilities: number;
  /** False for a key that knows only U2F, or whose FIDO2 is switched off. */
  readonly speaksCtap2: boolean;
  readonly versions: readonly string[];
  readonly extensions: readonly string[];
  /** Hex. */
  readonly aaguid: string;
  /** All but `clientPin`, which tells whether a PIN is set. */
  readonly options: Readonly<Record<string, boolean>>;
  readonly maxMsgSize: number;
  readonly pinUvAuthProtocols: readonly number[];
  /**
   * Further members of getInfo, those of a fresh key: forcePINChange (0x0c) is the state's where the model has it, and
   * remainingDiscoverableCredentials (0x14) shrinks.
   */
  readonly more: ReadonlyMap<number, unknown>;
  /**
   * What a missed touch is answered with: 0x3a by YubiKeys, 0x2f by the specification.
   * Source: token/fido2/CTAP.md, "Status codes".
   */
  readonly touchTimeoutStatus: number;
  /**
   * What the third wrong PIN in a row is answered with: 0x34, or 0x31 on some keys.
   * Source: token/fido2/CTAP.md, "PIN retries".
   */
  readonly thirdWrongPinStatus: number;
  /** Which PINs the key accepts, besides their length, if it has a policy (getInfo, member 0x1b). */
  readonly pinPolicy?: (pin: string) => boolean;
  /** What getPINRetries is answered with, if the key does not tell them. */
  readonly pinRetriesStatus?: number;
  /** Firmware 5.2.6 to 5.4.3 refuses any `uv` option (token/fido2/CTAP.md, "getAssertion"). */
  readonly refusesUvOption: boolean;
}

const TRANSPORTS = ["nfc", "usb"];
const algorithms = (...algs: number[]) => algs.map((alg) => ({ alg, type: "public-key" }));

const YUBIKEY = {
  capabilities: 0x05,
  speaksCtap2: true,
  touchTimeoutStatus: 0x3a,
  thirdWrongPinStatus: 0x34,
  refusesUvOption: false,
} as const;

export const YUBIKEY_5_1: SoftKeyProfile = {
  ...YUBIKEY,
  name: "Yubico YubiKey 5 NFC (5.1)",
  firmware: [5, 1, 2],
  versions: ["U2F_V2", "FIDO_2_0"],
  extensions: ["hmac-secret"],
  aaguid: "fa2b99dc9e3942578f924a30d23c4118",
  options: { rk: true, up: true, plat: false },
  maxMsgSize: 1200,
  pinUvAuthProtocols: [1],
  more: new Map(),
};

export const YUBIKEY_5_2_6: SoftKeyProfile = {
  ...YUBIKEY_5_1,
  name: "Yubico YubiKey 5 NFC (5.2.6)",
  firmware: [5, 2, 6],
  versions: ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE"],
  extensions: ["credProtect", "hmac-secret"],
  aaguid: "2fc0579f811347eab116bb5a8db9202a",
  options: { ...YUBIKEY_5_1.options, credentialMgmtPreview: true },
  more: new Map<number, unknown>([
    [0x07, 8],
    [0x08, 128],
    [0x09, TRANSPORTS],
    [0x0a, algorithms(-7, -8)],
  ]),
  refusesUvOption: true,
};

export const YUBIKEY_5_4_3: SoftKeyProfile = {
  ...YUBIKEY_5_2_6,
  name: "Yubico YubiKey 5 NFC (5.4.3)",
  firmware: [5, 4, 3],
  pinUvAuthProtocols: [2, 1],
  more: new Map([...YUBIKEY_5_2_6.more, [0x0d, 4], [0x0e, 0x050403]]),
};

/** Without NFC, and with U2F switched off. */
export const YUBIKEY_5_4_3_U2F_OFF: SoftKeyProfile = {
  ...YUBIKEY_5_4_3,
  name: "Yubico YubiKey 5 (5.4.3, U2F off)",
  capabilities: 0x0d,
  versions: ["FIDO_2_0", "FIDO_2_1_PRE"],
  aaguid: "ee882879721c491397753dfcce97072a",
  more: new Map([...YUBIKEY_5_4_3.more, [0x09, ["usb"]]]),
};

export const YUBIKEY_5_7_1: SoftKeyProfile = {
  ...YUBIKEY,
  name: "Yubico YubiKey 5 NFC (5.7.1)",
  firmware: [5, 7, 1],
  versions: ["U2F_V2", "FIDO_2_0", "FIDO_2_1_PRE", "FIDO_2_1"],
  extensions: ["credProtect", "hmac-secret", "largeBlobKey", "credBlob", "minPinLength"],
  // Differs by model, and nothing depends on it.
  aaguid: "a25342c03cdc44148e46f4807fca511c",
  options: {
    rk: true,
    up: true,
    plat: false,
    alwaysUv: false,
    credMgmt: true,
    authnrCfg: true,
    largeBlobs: true,
    pinUvAuthToken: true,
    setMinPINLength: true,
    makeCredUvNotRqd: true,
    credentialMgmtPreview: true,
  },
  maxMsgSize: 1280,
  pinUvAuthProtocols: [2, 1],
  more: new Map<number, unknown>([
    [0x07, 8],
    [0x08, 128],
    [0x09, TRANSPORTS],
    [0x0a, algorithms(-7, -8, -35)],
    [0x0b, 4096],
    [0x0c, false],
    [0x0d, 4],
    [0x0e, 0x050701],
    [0x0f, 32],
    [0x10, 1],
    [0x14, 100],
  ]),
};

/** With a reader for fingerprints, which it always wants. */
export const YUBIKEY_BIO_5_6_4: SoftKeyProfile = {
  ...YUBIKEY_5_7_1,
  name: "Yubico YubiKey Bio (5.6.4)",
  firmware: [5, 6, 4],
  aaguid: "d8522d9f575b486688a9ba99fa02f35b",
  options: {
    ...YUBIKEY_5_7_1.options,
    uv: true,
    alwaysUv: true,
    bioEnroll: true,
    makeCredUvNotRqd: false,
    userVerificationMgmtPreview: true,
  },
  more: new Map([
    ...YUBIKEY_5_7_1.more,
    [0x09, ["usb"]],
    [0x0b, 1024],
    [0x0e, 0x050604],
    [0x11, 3],
    [0x12, 2],
    [0x14, 22],
  ]),
};

/** Partly synthetic: what libfido2's fuzzer has for a key of CTAP 2.3, its firmware numbers among it. */
const YUBIKEY_5_8: SoftKeyProfile = {
  ...YUBIKEY_5_7_1,
  name: "Yubico YubiKey 5 NFC (5.8)",
  firmware: [5, 2, 1],
  versions: [...YUBIKEY_5_7_1.versions, "FIDO_2_3"],
  extensions: [...YUBIKEY_5_7_1.extensions, "hmac-secret-mc", "thirdPartyPayment", "previewSign"],
  aaguid: "f8a011f38c0a4d15800617111f9edc7d",
  options: { ...YUBIKEY_5_7_1.options, ep: false, perCredMgmtRO: true },
  maxMsgSize: 1536,
  more: new Map([...YUBIKEY_5_7_1.more, [0x09, [...TRANSPORTS, "smart-card"]], [0x0e, 1]]),
};

/** Every key of ours that speaks FIDO2. */
export const SOFT_KEY_PROFILES: readonly SoftKeyProfile[] = [
  YUBIKEY_5_1,
  YUBIKEY_5_2_6,
  YUBIKEY_5_4_3,
  YUBIKEY_5_4_3_U2F_OFF,
  YUBIKEY_BIO_5_6_4,
  YUBIKEY_5_7_1,
  YUBIKEY_5_8,
];

/** Whether the key knows CTAP 2.1 itself, not only a preview of it. */
export function knowsCtap21({ versions }: SoftKeyProfile): boolean {
  return versions.includes("FIDO_2_1");
}

/**
 * A key that knows only U2F. Its FIDO2 capability bit is set none the less, as on a YubiKey 4.4.5.
 * Source: token/fido2/CTAP.md, "Devices".
 */
export const U2F_ONLY: SoftKeyProfile = {
  ...YUBIKEY_5_1,
  name: "Yubico Security Key (U2F only)",
  firmware: [4, 4, 5],
  speaksCtap2: false,
};
