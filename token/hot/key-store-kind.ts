/** Where secrets can be stored, with the words for `status`. */
export const KEY_STORES = {
  keyring: "in the keyring",
  file: "in files that only you can read",
} as const;

export type KeyStoreKind = keyof typeof KEY_STORES;

/** The kinds, for a command line and for messages. */
export const KEY_STORE_KINDS = Object.keys(KEY_STORES) as readonly KeyStoreKind[];

export function isKeyStoreKind(value: unknown): value is KeyStoreKind {
  return typeof value === "string" && Object.hasOwn(KEY_STORES, value);
}
