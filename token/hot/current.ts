import { isKeyStoreKind, type KeyStoreKind } from "./key-store-kind.ts";

/** A user who is logged in, as in `current.json`; not secret. */
export interface CurrentSession {
  /** E-mail address. */
  readonly identity: string;
  /** UUID; the name of the session's folder and of its entry in the key store. */
  readonly id: string;
  /** When the session ends, in milliseconds since 1970. */
  readonly end: number;
  /** The STS session name: the identity, made valid for STS. */
  readonly sessionName: string;
  /** Where the session's secrets are kept. */
  readonly keyStore: KeyStoreKind;
  /** Address of the session bus of the keyring, if login was given one. */
  readonly bus?: string;
}

/** Who is logged in at one server. */
export interface CurrentServer {
  /** Identity of the last login, which commands use if no account is named. */
  readonly current: string;
  /**
   * Identity that owns the contexts and AWS profiles that do not specify an account: of the first login, until it is logged
   * out. Absent if that is `current`.
   */
  readonly unnamed?: string;
  readonly sessions: Readonly<Record<string, CurrentSession>>;
}

/** The contents of `current.json`. */
export interface Current {
  readonly version: 1;
  /** Base URL of the server of the last login. */
  readonly last?: string;
  /**
   * True: a client that does not say which cluster it calls is given no token. As the settings were at the last login or setup.
   */
  readonly requireClusterInfo?: boolean;
  /** False: nothing is answered from the cache. As the settings were at the last login, setup or change of them. */
  readonly cache?: boolean;
  /** Base URL of the server, and the identity, that the settings name; for a shell's prompt. */
  readonly server?: string;
  readonly account?: string;
  /** By base URL. */
  readonly servers: Readonly<Record<string, CurrentServer>>;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads `current.json`. Undefined if it is not in the form that login writes. */
export function readCurrent(text: string): Current | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && value["version"] === 1 && isRecord(value["servers"]) && hasFlags(value)
      ? (value as unknown as Current)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A value that is neither true nor false must not pass for either. */
function hasFlags({ requireClusterInfo, cache }: Record<string, unknown>): boolean {
  return isFlag(requireClusterInfo) && isFlag(cache);
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === "boolean";
}

/** The session of `account` (or of the last login) at `server`; undefined if there is none that looks right. */
export function findSession(
  current: Current,
  server: string,
  account: string | undefined,
): CurrentSession | undefined {
  const entry: unknown = ownValue(current.servers, server);
  if (!isRecord(entry) || !isRecord(entry["sessions"])) return undefined;
  const identity = account ?? entry["current"];
  const session: unknown = typeof identity === "string" ? ownValue(entry["sessions"], identity) : undefined;
  return isSession(session) && session.identity === identity ? session : undefined;
}

/** The account of contexts and AWS profiles that name none; undefined if no one has logged in at the server. */
export function unnamedAccount(current: Current, server: string): string | undefined {
  const entry: unknown = ownValue(current.servers, server);
  const identity = isRecord(entry) ? (entry["unnamed"] ?? entry["current"]) : undefined;
  return typeof identity === "string" ? identity : undefined;
}

function isSession(value: unknown): value is CurrentSession {
  return (
    isRecord(value) &&
    typeof value["identity"] === "string" &&
    typeof value["id"] === "string" &&
    UUID.test(value["id"]) &&
    typeof value["end"] === "number" &&
    typeof value["sessionName"] === "string" &&
    isKeyStoreKind(value["keyStore"])
  );
}

function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
