import type { KeyStoreKind } from "../hot/key-store-kind.ts";

/**
 * Keeps small secrets (the client key, registrations, sessions, AWS credentials) by name.
 *
 * Names are ours, short and printable (`session:<id>`); values are JSON text. What is deliberately absent:
 * listing. What exists is told by `current.json`, which holds no secret.
 */
export interface KeyStore {
  readonly kind: KeyStoreKind;
  /** The value, or undefined when there is none. Throws `key-store-failed` when the store cannot be read. */
  read(name: string): string | undefined;
  /** Replaces the value as a whole. Throws `key-store-failed` when it could not be kept. */
  write(name: string, value: string): void;
  /** Forgets the value; nothing happens when there is none. */
  remove(name: string): void;
}
