/**
 * As much of RFC 8941 as HTTP message signatures need: dictionaries of inner lists, items and their parameters.
 * Decimals are deliberately absent: nothing here has one.
 */

interface BareItem {
  readonly kind: "string" | "integer" | "bytes" | "boolean" | "token";
  readonly value: string;
  /** As it was sent, which is also how it is serialised. */
  readonly raw: string;
}

export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly bare: BareItem;
  readonly parameters: Parameters;
}

export type Member =
  | { readonly kind: "item"; readonly item: Item }
  | { readonly kind: "inner-list"; readonly items: readonly Item[]; readonly parameters: Parameters };

const BARE_ITEMS: readonly (readonly [BareItem["kind"], RegExp])[] = [
  ["string", /"((?:[ !#-[\]-~]|\\["\\])*)"/y],
  ["integer", /(-?\d{1,15})(?![\d.])/y],
  ["bytes", /:([A-Za-z0-9+/]*={0,2}):/y],
  ["boolean", /\?([01])/y],
  ["token", /([A-Za-z*][\w!#$%&'*+\-.^`|~:/]*)/y],
];

const KEY = /([a-z*][a-z0-9_\-.*]*)/y;
const TRUE: BareItem = { kind: "boolean", value: "1", raw: "?1" };

/** The members in order; a later one of the same name replaces the earlier. Undefined when the text does not parse. */
export function parseDictionary(text: string): ReadonlyMap<string, Member> | undefined {
  const scanner = new Scanner(text.trim());
  const members = new Map<string, Member>();
  try {
    do {
      const label = scanner.take(KEY);
      members.set(label, scanner.skip("=") ? member(scanner) : implicit(scanner));
      scanner.spaces();
    } while (scanner.skip(",") && scanner.spaces());
    return scanner.atEnd ? members : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function serializeParameters(parameters: Parameters): string {
  return [...parameters].map(([key, { raw }]) => (raw === "?1" ? `;${key}` : `;${key}=${raw}`)).join("");
}

function implicit(scanner: Scanner): Member {
  return { kind: "item", item: { bare: TRUE, parameters: parametersOf(scanner) } };
}

function member(scanner: Scanner): Member {
  if (!scanner.skip("(")) return { kind: "item", item: itemOf(scanner) };

  const items: Item[] = [];
  scanner.spaces();
  while (!scanner.skip(")")) {
    items.push(itemOf(scanner));
    if (!scanner.sees(")") && !scanner.sees(" ")) throw new SyntaxError("items must be apart");
    scanner.spaces();
  }
  return { kind: "inner-list", items, parameters: parametersOf(scanner) };
}

function itemOf(scanner: Scanner): Item {
  return { bare: bareItem(scanner), parameters: parametersOf(scanner) };
}

function parametersOf(scanner: Scanner): Parameters {
  const parameters = new Map<string, BareItem>();
  while (scanner.skip(";")) {
    scanner.spaces();
    const key = scanner.take(KEY);
    parameters.set(key, scanner.skip("=") ? bareItem(scanner) : TRUE);
  }
  return parameters;
}

function bareItem(scanner: Scanner): BareItem {
  for (const [kind, pattern] of BARE_ITEMS) {
    const match = scanner.match(pattern);
    if (match !== undefined) return { kind, value: match[1] ?? "", raw: match[0] };
  }
  throw new SyntaxError("not a bare item");
}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  sees(character: string): boolean {
    return this.#text[this.#at] === character;
  }

  skip(character: string): boolean {
    if (!this.sees(character)) return false;
    this.#at += 1;
    return true;
  }

  /** Always true, to stand in a condition. */
  spaces(): true {
    while (this.sees(" ") || this.sees("\t")) this.#at += 1;
    return true;
  }

  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  take(pattern: RegExp): string {
    const match = this.match(pattern);
    if (match === undefined) throw new SyntaxError("not a key");
    return match[0];
  }
}
