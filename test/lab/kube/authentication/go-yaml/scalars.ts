/** Scalars in the five styles of YAML. Source: yaml/go-yaml@v2.4.4, scannerc.go. */
import { type Cursor, isBlank, isBreak, isSpace } from "./cursor.ts";

interface PlainScalar {
  readonly value: string;
  /** Whether line breaks followed it. */
  readonly endsLine: boolean;
}

/** `indent`: the column that a continuation line must reach. */
export function scanPlain(cursor: Cursor, indent: number, isFlow: boolean): PlainScalar {
  let value = "";
  let spaces: Spaces = { text: "", isBroken: false };
  for (;;) {
    if (cursor.isAtMark("---") || cursor.isAtMark("...") || cursor.peek() === "#") break;
    while (!isSpace(cursor.peek()) && !endsPlain(cursor, isFlow)) {
      value += spaces.text + cursor.read();
      spaces = { text: "", isBroken: false };
    }
    if (cursor.peek() === "" || !isSpace(cursor.peek())) break;
    spaces = foldSpaces(cursor, false, indent);
    if (!isFlow && cursor.column < indent) break;
  }
  return { value, endsLine: spaces.isBroken };
}

function endsPlain(cursor: Cursor, isFlow: boolean): boolean {
  const character = cursor.peek();
  return (character === ":" && isSpace(cursor.peek(1))) || (isFlow && ",?[]{}".includes(character));
}

interface Spaces {
  readonly text: string;
  readonly isBroken: boolean;
}

/** Blanks and line breaks within a scalar: a single break becomes a blank; of several, the first is lost. */
function foldSpaces(cursor: Cursor, isBehindBreak: boolean, indent = 0): Spaces {
  let blanks = "";
  let first = "";
  let rest = "";
  let isBroken = isBehindBreak;
  while (isBlank(cursor.peek()) || isBreak(cursor.peek())) {
    if (isBreak(cursor.peek())) {
      if (isBroken) rest += cursor.readBreak();
      else first = cursor.readBreak();
      isBroken = true;
    } else if (isBroken) {
      if (cursor.column < indent && cursor.peek() === "\t") {
        throw cursor.error("found a tab character that violates indentation");
      }
      cursor.skip();
    } else blanks += cursor.read();
  }
  if (!isBroken) return { text: blanks, isBroken };
  return { text: first === "\n" ? rest || " " : first + rest, isBroken };
}

export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.read();
  let value = "";
  for (;;) {
    if (cursor.isAtMark("---") || cursor.isAtMark("...")) {
      throw cursor.error("found unexpected document indicator");
    }
    if (cursor.peek() === "") throw cursor.error("found unexpected end of stream");
    let isBehindBreak = false;
    while (!isSpace(cursor.peek()) && !isBehindBreak) {
      const character = cursor.peek();
      if (character === quote && !(quote === "'" && cursor.peek(1) === "'")) break;
      if (character === quote) {
        value += quote;
        cursor.skip(2);
      } else if (quote === '"' && character === "\\") {
        isBehindBreak = isBreak(cursor.peek(1));
        value += scanEscape(cursor);
      } else value += cursor.read();
    }
    if (cursor.peek() === quote) break;
    value += foldSpaces(cursor, isBehindBreak).text;
  }
  cursor.skip();
  return value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ "0": "\0", a: "\x07", b: "\b", t: "\t", "\t": "\t", n: "\n", v: "\v", f: "\f", r: "\r", e: "\x1b" },
  ...{ " ": " ", '"': '"', "'": "'", "\\": "\\", N: "\x85", _: "\xa0", L: "\u2028", P: "\u2029" },
};
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function scanEscape(cursor: Cursor): string {
  cursor.skip();
  if (isBreak(cursor.peek())) {
    cursor.readBreak();
    return "";
  }
  const kind = cursor.peek();
  const length = CODE_LENGTHS[kind];
  const escaped = ESCAPES[kind];
  if (length === undefined && escaped === undefined) throw cursor.error("found unknown escape character");
  cursor.skip();
  if (length === undefined) return escaped ?? "";
  const digits = Array.from({ length }, (_, at) => cursor.peek(at)).join("");
  if (digits.length < length || !/^[\dA-Fa-f]+$/.test(digits)) {
    throw cursor.error("did not find expected hexdecimal number");
  }
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw cursor.error("found invalid Unicode character escape code");
  }
  cursor.skip(length);
  return String.fromCodePoint(code);
}

/** `parentIndent`: of the block around it; -1 at the top. */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const isLiteral = cursor.read() === "|";
  const { chomping, increment } = scanBlockHeader(cursor);
  let indent = increment > 0 ? Math.max(parentIndent, 0) + increment : 0;
  let value = "";
  let lineBreak = "";
  let wasBlank = false;
  let breaks = "";
  const readBreaks = () => {
    const read = scanBlockBreaks(cursor, indent, parentIndent);
    breaks = read.breaks;
    indent = read.indent;
  };
  readBreaks();
  while (cursor.column === indent && cursor.peek() !== "") {
    const startsBlank = isBlank(cursor.peek());
    const isFolded = !isLiteral && !wasBlank && !startsBlank && lineBreak === "\n";
    value += (isFolded ? (breaks === "" ? " " : "") : lineBreak) + breaks;
    wasBlank = startsBlank;
    value += cursor.readLine();
    lineBreak = cursor.readBreak();
    readBreaks();
  }
  return value + (chomping === "-" ? "" : lineBreak) + (chomping === "+" ? breaks : "");
}

function scanBlockHeader(cursor: Cursor): { chomping: string; increment: number } {
  const isChomping = () => cursor.peek() === "+" || cursor.peek() === "-";
  let chomping = isChomping() ? cursor.read() : "";
  let increment = 0;
  if (/^\d$/.test(cursor.peek())) {
    if (cursor.peek() === "0") throw cursor.error("found an indentation indicator equal to 0");
    increment = Number(cursor.read());
    if (chomping === "" && isChomping()) chomping = cursor.read();
  }
  cursor.skipBlanks();
  cursor.skipComment();
  if (!isSpace(cursor.peek())) throw cursor.error("did not find expected comment or line break");
  cursor.readBreak();
  return { chomping, increment };
}

/** Empty lines before the next line. The first of these calls determines the indent, if the header did not. */
function scanBlockBreaks(cursor: Cursor, known: number, parentIndent: number) {
  const isWithin = () => known === 0 || cursor.column < known;
  let breaks = "";
  let widest = 0;
  for (;;) {
    while (isWithin() && cursor.peek() === " ") cursor.skip();
    widest = Math.max(widest, cursor.column);
    if (isWithin() && cursor.peek() === "\t") {
      throw cursor.error("found a tab character where an indentation space is expected");
    }
    if (!isBreak(cursor.peek())) break;
    breaks += cursor.readBreak();
  }
  return { breaks, indent: known === 0 ? Math.max(widest, parentIndent + 1, 1) : known };
}
