import { isPlain } from "./plain-words.ts";

/** What a name is of; decides how its placeholder looks. */
export type NameKind =
  | "account"
  | "cluster"
  | "domain"
  | "endpoint"
  | "label"
  | "person"
  | "principal"
  | "role";

/** A name is whole words; the name of a permission set stands between underscores in its role's. */
const BEFORE = "(?<![A-Za-z0-9]|(?<!AWSReservedSSO)_)";
const AFTER = "(?![A-Za-z0-9]|_(?![0-9a-f]{16}))";

/**
 * Names and what stands for each. Spellings that differ only in case get placeholders that differ only in case, and every
 * other name another one: whoever compares redacted names comes to the same result as with the real ones.
 */
export class NameBook {
  readonly #placeholders = new Map<string, string>();
  readonly #spellings = new Map<string, string[]>();
  readonly #counts = new Map<NameKind, number>();
  #cached: { readonly size: number; readonly pattern: RegExp } | undefined;

  add(kind: NameKind, name: string): void {
    const key = name.toLowerCase();
    if (isPlain(name) && kind !== "account") return;
    if (!this.#placeholders.has(key)) this.#placeholders.set(key, this.#next(kind, name));
    const spellings = this.#spellings.get(key) ?? [];
    if (!spellings.includes(name)) this.#spellings.set(key, [...spellings, name]);
  }

  /** An address, and the user name that EKS makes of it by writing `-` for `@`. Source: eks-auth, A4. */
  addAddress(address: string): void {
    const key = address.toLowerCase();
    if (this.#placeholders.has(key)) return;
    const placeholder = this.#next("person", address);
    this.#placeholders.set(key, `${placeholder}@example.com`);
    this.#placeholders.set(key.replaceAll("@", "-"), `${placeholder}-example.com`);
  }

  /** The text with a placeholder for every name; longer names first. */
  replaced(text: string): string {
    const pattern = this.#pattern;
    return pattern === undefined ? text : text.replaceAll(pattern, (name) => this.#placeholder(name));
  }

  get #pattern(): RegExp | undefined {
    const size = this.#placeholders.size;
    if (size === 0) return undefined;
    if (this.#cached?.size !== size) {
      const names = [...this.#placeholders.keys()].sort((a, b) => b.length - a.length);
      const choice = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|");
      this.#cached = { size, pattern: new RegExp(`${BEFORE}(?:${choice})${AFTER}`, "gi") };
    }
    return this.#cached.pattern;
  }

  #placeholder(name: string): string {
    const key = name.toLowerCase();
    const placeholder = this.#placeholders.get(key) ?? name;
    if (name === key) return placeholder;
    if (name === name.toUpperCase()) return placeholder.toUpperCase();
    const spellings = this.#spellings.get(key) ?? [];
    if (!spellings.includes(name)) this.#spellings.set(key, [...spellings, name]);
    const index = this.#spellings.get(key)?.indexOf(name) ?? 0;
    return flipped(placeholder, index + 1);
  }

  #next(kind: NameKind, name: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return PLACEHOLDERS[kind](count, name);
  }
}

/** All in lower case: other spellings are made of them. */
const PLACEHOLDERS: Readonly<Record<NameKind, (count: number, name: string) => string>> = {
  account: (count) => String(count).padStart(12, "0"),
  cluster: (count) => `cluster${count}`,
  domain: (count) => `domain${count}.example`,
  endpoint: (count) => String(count).padStart(32, "abcdef0000000000000000000000000"),
  label: (count) => `name${count}`,
  person: (count) => `person${count}`,
  principal: (count, name) => `${name.slice(0, 4).toLowerCase()}redacted${String(count).padStart(9, "0")}`,
  role: (count) => `role${count}`,
};

/** The word with those of its first letters in upper case whose bits are set. */
function flipped(word: string, bits: number): string {
  const letters = [...word];
  return letters.map((letter, index) => ((bits >> index) & 1 ? letter.toUpperCase() : letter)).join("");
}
