import path from "node:path";
import type { PlanAccess } from "../../../../token/aws/sources/opened-source.ts";
import { fileKeyStore } from "../../../../token/keystore/file-key-store.ts";
import { profileCredentials } from "../../../../token/mint/credentials-cache.ts";
import {
  forgetCredentials,
  profilesHolder,
  rememberedNames,
} from "../../../../token/session/session-secrets.ts";

/** What the program itself keeps, in files below a folder. */
export interface KeptCredentials {
  readonly kept: PlanAccess["kept"];
  /** Of how many roles. */
  count(): number;
  clear(): void;
}

export function keptBelow(folder: string, clock: () => number): KeptCredentials {
  const state = path.join(folder, "state");
  const store = fileKeyStore(path.join(folder, "keys"));
  const holder = profilesHolder(state, store.kind);
  const options = { now: clock, signal: new AbortController().signal };
  return {
    kept: (wanted, wish, ask) =>
      profileCredentials({ state, keyStore: async () => store }, wanted, { ...wish, ...options }, ask),
    count: () => rememberedNames(holder).length,
    clear: () => void forgetCredentials(holder, store),
  };
}
