import { looksLikeNodes } from "../node-names.ts";
import { isPlain, ownedHost } from "./host-labels.ts";

/** What a name belongs to; this decides what its placeholder looks like. */
export type NameKind =
  | "account"
  | "cluster"
  | "domain"
  | "endpoint"
  | "label"
  | "person"
  | "principal"
  | "role";

/** The longest name, in characters: an e-mail address (RFC 5321, 4.5.3.1). Longer texts are no names. */
const LONGEST = 320;

/** A trie of the names, in lower case. */
interface Branch {
  readonly next: Map<string, Branch>;
  isEnd: boolean;
}

/**
 * Names and their placeholders. Spellings that differ only in case get placeholders that differ only in case, and every other
 * name gets another one, so that comparing redacted names gives the same result as comparing the real ones.
 */
export class Pseudonymizer {
  readonly #placeholders = new Map<string, string>();
  readonly #spellings = new Map<string, string[]>();
  readonly #counts = new Map<NameKind, number>();
  readonly #labels = new Map<string, string>();
  readonly #root: Branch = { next: new Map(), isEnd: false };

  add(kind: NameKind, name: string): void {
    const key = name.toLowerCase();
    if ((isPlain(name) && kind !== "account") || name.length > LONGEST) return;
    if (!this.#placeholders.has(key)) this.#keep(key, this.#next(kind, name));
    const spellings = this.#spellings.get(key) ?? [];
    if (!spellings.includes(name)) this.#spellings.set(key, [...spellings, name]);
  }

  /**
   * An e-mail address, and the username that EKS makes of it by writing `-` for `@`. Source: doctor/EKS-ACCESS.md, "Username
   * templates".
   */
  addAddress(address: string): void {
    const key = address.toLowerCase();
    if (this.#placeholders.has(key) || key.length > LONGEST) return;
    const placeholder = this.#next("person", address);
    this.#keep(key, `${placeholder}@example.com`);
    this.#keep(key.replaceAll("@", "-"), `${placeholder}-example.com`);
  }

  /** A name with a given replacement, instead of a placeholder. */
  addAs(name: string, stand: string): void {
    this.#keep(name.toLowerCase(), stand);
  }

  /**
   * A host, and the domains that it is under, label by label, so that comparing hosts by domain, as NO_PROXY does, gives the same
   * result. A host that everyone has is not added.
   */
  addHost(host: string): void {
    const found = ownedHost(host.replace(/^\*?\./, "").replace(/\.$/, ""));
    if (found === undefined) return;
    const { labels, below, isPublic } = found;
    const placeholders = labels.map(({ text, kind }) => this.#label(kind, text.toLowerCase()));
    for (let at = 0; at <= below; at++) {
      const key = labels
        .slice(at)
        .map(({ text }) => text.toLowerCase())
        .join(".");
      if (this.#placeholders.has(key)) continue;
      this.#keep(key, `${placeholders.slice(at).join(".")}${isPublic ? ".example" : ""}`);
    }
  }

  /** Whether a host is under a domain that was added. */
  isUnderKnown(host: string): boolean {
    const labels = host.toLowerCase().split(".");
    if (host.length > LONGEST) return false;
    return labels.some(
      (_, at) => at > 0 && at < labels.length - 1 && this.#placeholders.has(labels.slice(at).join(".")),
    );
  }

  /** The text with a placeholder for every name; longer names first. */
  replaced(text: string): string {
    const parts: string[] = [];
    let done = 0;
    for (let at = 0; at < text.length; at++) {
      if (!isBeginning(text, at)) continue;
      const end = this.#longestAt(text, at);
      if (end === undefined) continue;
      parts.push(text.slice(done, at), this.#placeholder(text.slice(at, end)));
      done = end;
      at = end - 1;
    }
    return parts.join("") + text.slice(done);
  }

  #keep(key: string, placeholder: string): void {
    this.#placeholders.set(key, placeholder);
    let branch = this.#root;
    for (let at = 0; at < key.length; at++) {
      const character = key.charAt(at);
      const next = branch.next.get(character) ?? { next: new Map(), isEnd: false };
      branch.next.set(character, next);
      branch = next;
    }
    branch.isEnd = true;
  }

  /** The end of the longest name that begins at an offset. */
  #longestAt(text: string, start: number): number | undefined {
    let found: number | undefined;
    let branch: Branch | undefined = this.#root;
    for (let at = start; at < text.length; at++) {
      branch = branch.next.get((text[at] ?? "").toLowerCase());
      if (branch === undefined) break;
      if (branch.isEnd && isEnding(text, at + 1)) found = at + 1;
    }
    return found;
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

  #label(kind: NameKind | undefined, label: string): string {
    if (kind === undefined) return label;
    const key = `${kind} ${label}`;
    const placeholder = this.#labels.get(key) ?? this.#next(kind, label);
    this.#labels.set(key, placeholder);
    return placeholder;
  }

  #next(kind: NameKind, name: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return PLACEHOLDERS[kind](count, name);
  }
}

/** All in lower case; other spellings are derived from them. */
const PLACEHOLDERS: Readonly<Record<NameKind, (count: number, name: string) => string>> = {
  account: (count) => String(count).padStart(12, "0"),
  cluster: (count) => `cluster${count}`,
  domain: (count) => `domain${count}`,
  endpoint: (count) => String(count).padStart(32, "abcdef0000000000000000000000000"),
  label: (count) => `name${count}`,
  person: (count) => `person${count}`,
  principal: (count, name) => `${name.slice(0, 4).toLowerCase()}redacted${String(count).padStart(9, "0")}`,
  // Only the name of a role shows that it is for nodes.
  role: (count, name) => `${looksLikeNodes(name) ? "node-" : ""}role${count}`,
};

/** The word with its letters in upper case whose bits are set, the first letter's bit being the lowest. */
function flipped(word: string, bits: number): string {
  const letters = [...word];
  return letters.map((letter, index) => ((bits >> index) & 1 ? letter.toUpperCase() : letter)).join("");
}

/** Names are whole words; but the name of a permission set is between underscores in the name of its role. */
function isBeginning(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  if (before === "_") return /AWSReservedSSO_$/i.test(text.slice(Math.max(0, at - 15), at));
  return !/[A-Za-z0-9]/.test(before) || /%[0-9a-f]{2}$/i.test(text.slice(Math.max(0, at - 3), at));
}

function isEnding(text: string, at: number): boolean {
  const next = text[at] ?? " ";
  return next === "_" ? /^_[0-9a-f]{16}/i.test(text.slice(at, at + 17)) : !/[A-Za-z0-9]/.test(next);
}
