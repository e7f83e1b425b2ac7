import path from "node:path";
import { isAddress } from "../endpoints/endpoints.ts";
import { KEY_STORE_KINDS } from "../hot/key-store-kind.ts";
import { plainUrl } from "../net/web-address.ts";

/** One setting of `config.yaml`. */
interface SettingKey {
  /** The default, in words. */
  readonly default: string;
  /** The variables or flags that override the file. */
  readonly stronger?: string;
  readonly meaning: string;
  /**
   * `switch`: on or off, and also true or false. `truth`: only true or false. `address`: a file may contain any text, which is
   * checked where it is used, since another setting may override it. `text`: any other.
   */
  readonly kind: "switch" | "truth" | "address" | "text";
  /** The accepted values, for users: `on or off`. */
  readonly form: string;
  /** The value of a text; undefined if it is invalid. */
  readonly read: (text: string) => string | boolean | undefined;
}

const ADDRESS = {
  kind: "address",
  form: "an https address, or an http address on this machine",
  read: (text: string) => (isAddress(text) ? text : undefined),
} as const;

const BUNDLE = {
  kind: "text",
  form: "an absolute path",
  read: (text: string) => (path.isAbsolute(text) ? text : undefined),
} as const;

const SWITCH = {
  kind: "switch",
  form: "on or off",
  read: (text: string) =>
    ["on", "true"].includes(text) ? true : ["off", "false"].includes(text) ? false : undefined,
} as const;

const TRUTH = {
  kind: "truth",
  form: "true or false",
  read: (text: string) => (text === "true" ? true : text === "false" ? false : undefined),
} as const;

/** All settings, by name, in the order of listing. */
const SETTING_KEYS = {
  server: {
    default: "the last login's server, or https://us.vouch.sh",
    stronger: "--server, VOUCH_SERVER",
    meaning: "Address of the Vouch server.",
    kind: "address",
    form: "an https address, or an http address on this machine",
    read: (text: string) => (plainUrl(text) === undefined ? undefined : text),
  },
  account: {
    default: "the account that logged in last",
    stronger: "--account",
    meaning: "E-mail address of the account to use.",
    kind: "text",
    form: "an e-mail address",
    read: (text: string) => (/^[^\s@:]+@[^\s@:]+$/.test(text) ? text : undefined),
  },
  keyStore: {
    default:
      "files; on Linux, the keyring if it works; on macOS, the Keychain if a Developer ID signed the release",
    stronger: "login --key-store",
    meaning: "Where secrets are stored.",
    kind: "text",
    form: KEY_STORE_KINDS.join(" or "),
    read: (text: string) => KEY_STORE_KINDS.find((kind) => kind === text),
  },
  cache: {
    default: "on",
    meaning:
      "Whether tokens and AWS credentials are cached between calls. If off, each kubectl call contacts the Vouch server and STS.",
    ...SWITCH,
  },
  notify: {
    default: "off",
    meaning: "Whether to show a desktop notification when a background program needs you to log in.",
    ...SWITCH,
  },
  requireClusterInfo: {
    default: "false",
    meaning:
      "Do not issue a token to a client that does not report which cluster it calls, or for a cluster that setup has not recorded.",
    ...TRUTH,
  },
  vouchCaBundle: {
    default: "none",
    stronger: "VOUCH_CA_BUNDLE",
    meaning:
      "PEM file of CAs to trust for the Vouch server, in addition to the built-in CAs. Recorded at login.",
    ...BUNDLE,
  },
  awsCaBundle: {
    default: "none",
    stronger: "AWS_CA_BUNDLE",
    meaning:
      "PEM file of CAs to trust for AWS, in addition to the built-in CAs. Recorded at login and setup.",
    ...BUNDLE,
  },
  stsEndpoint: {
    default: "AWS's own",
    stronger: "AWS_ENDPOINT_URL_STS",
    meaning: "Address to use instead of AWS's own STS. Recorded at login and setup.",
    ...ADDRESS,
  },
  eksEndpoint: {
    default: "AWS's own",
    stronger: "AWS_ENDPOINT_URL_EKS",
    meaning: "Address to use instead of AWS's own EKS. Recorded at setup.",
    ...ADDRESS,
  },
  iamEndpoint: {
    default: "AWS's own",
    stronger: "AWS_ENDPOINT_URL_IAM",
    meaning: "Address to use instead of AWS's own IAM. Recorded at setup.",
    ...ADDRESS,
  },
} as const satisfies Readonly<Record<string, SettingKey>>;

export type SettingName = keyof typeof SETTING_KEYS;

export const SETTING_NAMES = Object.keys(SETTING_KEYS) as readonly SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTING_KEYS, name);
}

/** A setting by its name, with a type common to all of them. */
export function settingKey(name: SettingName): SettingKey {
  return SETTING_KEYS[name];
}
