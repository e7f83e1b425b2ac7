import fs from "node:fs";
import { type Env, envValue } from "../env.ts";

export interface BusChoice {
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
  try {
    return path === undefined ? undefined : decodeURIComponent(path);
  } catch {
    return undefined;
  }
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
