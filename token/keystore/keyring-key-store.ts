import fs from "node:fs";
import { debug } from "../debug.ts";
import { type Env, envValue } from "../env.ts";
import { reasonOf, unlessThrown, VouchError } from "../errors/errors.ts";
import type { KeyStore } from "./key-store.ts";

/** The part of `@napi-rs/keyring`'s `Entry` that we use. */
interface KeyringEntry {
  setPassword(value: string): void;
  getPassword(): string | null;
  deletePassword(): boolean;
}

/** Opens the keyring entry of a name. */
export type KeyringOpener = (name: string) => KeyringEntry;

const SERVICE = "kubectl-vouch";

/** Secrets in the operating system's keyring: macOS Keychain, Secret Service on Linux. */
export function keyringKeyStore(open: KeyringOpener): KeyStore {
  const attempt = <T>(what: string, work: () => T): T => {
    try {
      const result = work();
      debug(`keyring: ${what}`);
      return result;
    } catch (error) {
      debug(`keyring: could not ${what}: ${reasonOf(error)}`);
      throw new VouchError("key-store-failed", `The keyring could not ${what}: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
  };
  return {
    kind: "keyring",
    read: (name) => attempt(`read ${name}`, () => open(name).getPassword() ?? undefined),
    write: (name, value) =>
      attempt(`store ${name}`, () => {
        open(name).setPassword(value);
        if (open(name).getPassword() !== value) throw new Error("it does not return what was stored");
      }),
    remove: (name) =>
      attempt(`delete ${name}`, () => {
        if (open(name).getPassword() !== null) open(name).deletePassword();
      }),
  };
}

/**
 * The system's keyring, loaded only when needed. On Linux only the Secret Service: the kernel's keyring is lost at reboot and
 * differs between sessions. The library takes the bus address from the environment, so that is corrected first. `bus` is the one
 * that login used. Rejects on Windows, whose Credential Manager keeps at most 2,560 bytes of a secret, in UTF-16.
 * Source: wincred.h, CRED_MAX_CREDENTIAL_BLOB_SIZE.
 */
export async function systemKeyring(bus?: string): Promise<KeyringOpener> {
  if (process.platform === "win32")
    throw new Error("Windows stores at most 1,280 characters per secret, but a session is longer");
  if (process.platform === "linux" && process.getuid !== undefined) {
    const ownerId = process.getuid();
    process.env["DBUS_SESSION_BUS_ADDRESS"] = sessionBus({ env: process.env, recorded: bus, ownerId });
  }
  const { Entry } = await import("@napi-rs/keyring");
  return (name) => new Entry(SERVICE, name, { linux: { store: "secret-service" } });
}

interface BusChoice {
  readonly env: Env;
  /** The bus that login used. */
  readonly recorded: string | undefined;
  readonly ownerId: number;
}

/**
 * The address of the session bus of the keyring. From the environment, only a socket of our own is trusted: `unixexec:` and
 * `autolaunch:` run programs, `tcp:` leads to other machines, and anyone can listen on an abstract name. Otherwise the bus that
 * login used; otherwise the system's usual one.
 *
 * Source: D-Bus specification, "Server Addresses".
 */
export function sessionBus({ env, recorded, ownerId }: BusChoice): string {
  const runtime = envValue(env, "XDG_RUNTIME_DIR");
  const named = envValue(env, "DBUS_SESSION_BUS_ADDRESS") ?? (runtime && `unix:path=${escaped(runtime)}/bus`);
  const own = named?.split(";").find((address) => isOwnSocket(socketOf(address), ownerId));
  return own ?? recorded ?? `unix:path=/run/user/${ownerId}/bus`;
}

/**
 * The bus of a login that a user types: any on this machine, since the user may decide that. Undefined: another kind of bus.
 */
export function busToRecord(env: Env): string | undefined {
  const address = envValue(env, "DBUS_SESSION_BUS_ADDRESS");
  return address !== undefined && /^unix:(?:abstract|path)=[^;]+$/.test(address) ? address : undefined;
}

/** Path of the socket that an address names, `unix:path=/run/user/1000/bus,guid=…`. */
function socketOf(address: string): string | undefined {
  const [, path] = /^unix:(?:[^,]*,)*?path=([^,]+)/.exec(address) ?? [];
  return unlessThrown(() => (path === undefined ? undefined : decodeURIComponent(path)), undefined);
}

function isOwnSocket(path: string | undefined, ownerId: number): boolean {
  if (path === undefined) return false;
  try {
    const status = fs.statSync(path);
    return status.isSocket() && status.uid === ownerId;
  } catch {
    return false;
  }
}

/** Bytes that may be unescaped in an address: letters, digits, `-_/.\*`; the rest is percent-encoded. */
function escaped(path: string): string {
  return encodeURIComponent(path).replaceAll("%2F", "/");
}
