import { saysWhere } from "./secret-words.ts";

/** A text with the offsets at which its lines end, so that a line is found without going through the text again. */
export class Lines {
  readonly text: string;
  readonly #ends: number[] = [];

  constructor(text: string) {
    this.text = text;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", end + 1)) this.#ends.push(end);
    this.#ends.push(text.length);
  }

  endOf(at: number): number {
    return this.#ends[this.#index(at)] ?? this.text.length;
  }

  startOf(at: number): number {
    return (this.#ends[this.#index(at) - 1] ?? -1) + 1;
  }

  /** The line that an offset is in; its line break belongs to it. */
  #index(at: number): number {
    return countWhile(this.#ends.length - 1, (index) => (this.#ends[index] ?? 0) < at);
  }
}

/** For how many of the indices 0 to `length - 1` something is true that is true up to one of them and false from there on. */
function countWhile(length: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What may stand before the content of a line: quote marks, frames, a time, a line number. */
const BEFORE =
  /[ \t>│┃║]{1,100}|\|[ \t]|\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?[ \t]|\d{1,6}(?:[ \t]?[.:|│][ \t]|\t| {2})/y;

/** No line has more of these. */
const MOST_BEFORE = 6;

/** The content of a line, without what a mail, a log, a frame or a shell's backslash put around it. */
interface LineContent {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function contentOf(line: string): LineContent {
  let start = 0;
  for (let count = 0; count < MOST_BEFORE; count += 1) {
    BEFORE.lastIndex = start;
    const length = BEFORE.exec(line)?.[0].length ?? 0;
    if (length === 0) break;
    start += length;
  }
  const frame = line.slice(start).search(/[│┃║]/);
  const inside = (frame < 0 ? line.slice(start) : line.slice(start, start + frame)).trimEnd();
  const text = inside.endsWith("\\") && !inside.endsWith("\\\\") ? inside.slice(0, -1).trimEnd() : inside;
  return { start, end: start + text.length, text };
}

/** The line with different content. */
export function withContent(line: string, text: string): string {
  const { start, end } = contentOf(line);
  return `${line.slice(0, start)}${text}${line.slice(end)}`;
}

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

/** A list or a map of JSON, YAML's flow style or HCL. */
interface Structure {
  /** The offset behind its closing bracket, or where it breaks off. */
  readonly end: number;
  /** The values in it, without quotes. Keys, and what only says where a secret is, are left out. */
  readonly values: readonly { readonly start: number; readonly end: number }[];
}

/** Finds the end of a quoted text that begins at an offset; undefined where no quote is. */
type ReadQuoted = (at: number) => { start: number; end: number; behind: number } | undefined;

/** What stands between the values: brackets are counted, the rest is skipped. */
const BETWEEN = /[\s,:=>[\]{}()\\]/;

/** The list or map at an offset; it also ends before a line that is not indented deeper than the one it began in. */
export function structureAt(lines: Lines, at: number, readQuoted: ReadQuoted): Structure {
  const { text } = lines;
  const values: { start: number; end: number }[] = [];
  const own = indentAt(text, lines.startOf(at));
  let depth = 0;
  let key = "";
  let next = at;
  while (next < text.length) {
    const character = text[next] ?? "";
    if (character === "\n" && !goesOn(text, next + 1, own)) break;
    const quoted = readQuoted(next);
    if (quoted === undefined && BETWEEN.test(character)) {
      if ("[{(".includes(character)) depth += 1;
      if ("]})".includes(character)) depth -= 1;
      if (",]})".includes(character)) key = "";
      next += 1;
      if (depth === 0) break;
      continue;
    }
    const value = quoted ?? plainAt(text, next);
    next = value.behind;
    if (/^\\{0,8}["']?[ \t]*[:=]/.test(text.slice(next, next + 20))) key = text.slice(value.start, value.end);
    else if (value.end > value.start && !saysWhere(key)) values.push({ start: value.start, end: value.end });
  }
  return { end: next, values };
}

function plainAt(text: string, start: number): { start: number; end: number; behind: number } {
  let end = start + 1;
  while (end < text.length && !/[\s,[\]{}()"]/.test(text[end] ?? "")) {
    if (/[:=]/.test(text[end] ?? "") && /[\s"'[{]/.test(text[end + 1] ?? "")) break;
    end += 1;
  }
  return { start, end, behind: end };
}

function goesOn(text: string, line: number, own: number): boolean {
  const first = line + indentAt(text, line);
  const character = text[first] ?? "";
  return character === "\n" || character === "\r" || first - line > own || /[\]})]/.test(character);
}

function indentAt(text: string, line: number): number {
  let next = line;
  while (text[next] === " " || text[next] === "\t") next += 1;
  return next - line;
}
