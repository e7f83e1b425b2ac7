import type { KeyringOpener } from "../../../token/keystore/keyring-key-store.ts";

/** What is wrong with a keyring. */
export interface KeyringFaults {
  /** Thrown by every call, as where no Secret Service runs. */
  readonly broken?: string;
  /** Takes values and gives back none, as a keyring of another login session. */
  readonly forgetful?: boolean;
  /** The longest value that it keeps, as Windows' Credential Manager has one. */
  readonly longest?: number;
}

/** A keyring in memory that fails as real ones do. Names of its entries and their values are in `entries`. */
export function fakeKeyring({
  broken,
  forgetful = false,
  longest = Number.POSITIVE_INFINITY,
}: KeyringFaults = {}) {
  const entries = new Map<string, string>();
  const work = <T>(result: () => T): T => {
    if (broken !== undefined) throw new Error(broken);
    return result();
  };
  const open: KeyringOpener = (name) => ({
    setPassword: (value) =>
      work(() => {
        if (value.length > longest) throw new Error(`Attribute 'password' is longer than ${longest} chars`);
        if (!forgetful) entries.set(name, value);
      }),
    getPassword: () => work(() => entries.get(name) ?? null),
    deletePassword: () =>
      work(() => {
        if (!entries.delete(name)) throw new Error("No matching entry found in secure storage");
        return true;
      }),
  });
  return { entries, open };
}
