import type { KeyStore } from "../../../token/keystore/key-store.ts";

/** A key store that forgets with the process, and shows what is in it. */
export interface MemoryKeyStore extends KeyStore {
  readonly entries: Map<string, string>;
}

export function memoryKeyStore(entries: Readonly<Record<string, string>> = {}): MemoryKeyStore {
  const kept = new Map(Object.entries(entries));
  return {
    kind: "file",
    entries: kept,
    read: (name) => kept.get(name),
    write: (name, value) => void kept.set(name, value),
    remove: (name) => void kept.delete(name),
  };
}
