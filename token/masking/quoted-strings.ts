import { countWhile } from "./lines.ts";

interface Opener {
  readonly quote: string;
  /** How many backslashes precede it: 0, 1, 3, 7 for strings nested in each other. */
  readonly escapes: number;
  readonly id: number;
}

/** More backslashes than this are not counted. */
const MOST_ESCAPES = 64;

/** More strings than these are not nested in each other: each quote is compared with all that are open. */
const MOST_OPEN = 64;

/** The quoted strings in each line of a text, also nested ones, as in JSON inside JSON. Linear. */
export class QuotedStrings {
  /** The offsets from which another string is the innermost one, and its number; -1 for none. */
  readonly #changes: { readonly at: number; readonly id: number }[] = [];
  readonly #ends: number[] = [];

  constructor(text: string) {
    const open: Opener[] = [];
    const close = (count: number, at: number) => {
      for (const { id } of open.splice(open.length - count)) this.#ends[id] = at;
    };
    for (const { 0: sign, index } of text.matchAll(/["'\n]/g)) {
      if (sign === "\n") close(open.length, index);
      else {
        const escapes = escapesBefore(text, index);
        const closed = open.findLastIndex((opener) => closes(opener, { text, index, sign, escapes }));
        if (closed >= 0) close(open.length - closed, index - (open[closed]?.escapes ?? 0));
        else if (open.length < MOST_OPEN && (sign === '"' || isOpening(text, index))) {
          open.push({ quote: sign, escapes, id: this.#ends.length });
          this.#ends.push(text.length);
        } else continue;
      }
      this.#changes.push({ at: index + 1, id: open.at(-1)?.id ?? -1 });
    }
  }

  /** Where the innermost string around an offset ends, before its closing quote; undefined outside of strings. */
  endAround(at: number): number | undefined {
    const before = countWhile(this.#changes.length, (index) => (this.#changes[index]?.at ?? 0) <= at);
    return this.#ends[this.#changes[before - 1]?.id ?? -1];
  }
}

interface Quote {
  readonly text: string;
  readonly index: number;
  readonly sign: string;
  readonly escapes: number;
}

/** A string ends at its own quote, escaped as deeply as the opening one. Before it may be escaped backslashes, in pairs. */
function closes(opener: Opener, { text, index, sign, escapes }: Quote): boolean {
  if (opener.quote !== sign) return false;
  if (sign === "'") return !/\w/.test(text[index + 1] ?? "");
  return escapes % (2 * (opener.escapes + 1)) === opener.escapes;
}

/** Whether a single quote opens a string: an apostrophe follows a letter. */
function isOpening(text: string, index: number): boolean {
  return !/[\w\\)\]]/.test(text[index - 1] ?? "");
}

function escapesBefore(text: string, index: number): number {
  let first = index;
  while (first > index - MOST_ESCAPES && text[first - 1] === "\\") first -= 1;
  return index - first;
}
