import { debug } from "../debug.ts";
import { reasonOf, VouchError } from "../errors/errors.ts";
import type { KeyStore } from "./key-store.ts";
import { sessionBus } from "./session-bus.ts";

/** The part of `@napi-rs/keyring`'s `Entry` that is used. */
interface KeyringEntry {
  setPassword(value: string): void;
  getPassword(): string | null;
  deletePassword(): boolean;
}

/** Opens the keyring's entry of a name. */
export type KeyringOpener = (name: string) => KeyringEntry;

const SERVICE = "kubectl-vouch";

/** Secrets in the operating system's keyring: macOS Keychain, Windows Credential Manager, Secret Service on Linux. */
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
      attempt(`keep ${name}`, () => {
        open(name).setPassword(value);
        if (open(name).getPassword() !== value) throw new Error("it does not give back what was put in");
      }),
    remove: (name) =>
      attempt(`forget ${name}`, () => {
        if (open(name).getPassword() !== null) open(name).deletePassword();
      }),
  };
}

/**
 * The system's keyring, loaded only when asked for. On Linux the Secret Service and no other: the kernel's keyring
 * forgets at reboot and differs between sessions. Its library takes the address of the bus from the environment, so that
 * is put right first. `bus`: the one that login used.
 */
export async function systemKeyring(bus?: string): Promise<KeyringOpener> {
  if (process.platform === "linux" && process.getuid !== undefined) {
    const ownerId = process.getuid();
    process.env["DBUS_SESSION_BUS_ADDRESS"] = sessionBus({ env: process.env, recorded: bus, ownerId });
  }
  const { Entry } = await import("@napi-rs/keyring");
  return (name) => new Entry(SERVICE, name, { linux: { store: "secret-service" } });
}
