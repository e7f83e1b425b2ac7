import type { KeyStoreKind } from "../hot/key-store-kind.ts";

/**
 * Keeps small secrets (the client key, registrations, sessions, AWS credentials) by name.
 *
 * Names are ours, short and printable (`session:<id>`); values are JSON text. Deliberately absent: listing. Which secrets exist
 * follows from `current.json`, which holds no secret.
 */
export interface KeyStore {
  readonly kind: KeyStoreKind;
  /** Why the keyring is not used; undefined if it is, or if files were chosen. */
  readonly whyNoKeyring?: string;
  /** The value; undefined if there is none. Throws `key-store-failed` if the store cannot be read. */
  read(name: string): string | undefined;
  /** Replaces the value as a whole. Throws `key-store-failed` if it could not be stored. */
  write(name: string, value: string): void;
  /** Deletes the value; does nothing if there is none. */
  remove(name: string): void;
}
