import { type Lines, structureAt } from "./layout.ts";
import { endsAsSecret, saysWhere } from "./secret-words.ts";

/** The place of a named value in a text, without its quotes. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
  /**
   * What precedes it: an equals sign, a colon, a flag; `quoted` is in quotes or a block of YAML, `below` plain on the next lines,
   * `structure` a list or a map.
   */
  readonly by: "=" | ":" | "quoted" | "below" | "flag" | "structure";
  /** The values in a list or a map. */
  readonly values?: readonly { readonly start: number; readonly end: number }[];
}

/** How far the end of a plain value is looked for, in characters. */
const MAX_LOOK = 1000;

/**
 * A text that refers to a value or does not hold one: variables, expressions, placeholders, ARNs, addresses in Terraform. The
 * whole value must be one.
 */
const REFERENCE =
  /^\\{0,8}["'`]?(?:\$\(\(|arn:aws|(?:(?:(?:\$\{[^}\n]{0,200}\}|\$\([^)\n]{0,200}\)|\{\{[^}\n]{0,200}\}\}|\$env:\w{1,60}|\$(?:[A-Z_][A-Z0-9_]{0,60}|[a-z_]{1,60}))[-_/:.@]{0,3}){1,9}|\*\*\*|<[^<>\n]{1,60}>|null|true|false|(?:data|var|local|module|each|self|aws_\w{1,60}|kubernetes_\w{1,60})\.[\w.[\]*-]{1,200})(?=[\s"'`,;)\]}\\&|]|$))/;

/** The default of a variable, also of one that is the default of another, and of a template. */
const DEFAULT = /\$\{\w{1,60}:?[-=+][ \t]{0,4}[^}\s$]|\bdefault[ \t]{1,4}\\{0,8}["'`]/;

/** How much of a value decides whether it is a reference, in characters. */
const REFERENCE_LOOK = 400;

/** Whether a text only refers to a value, as a variable or an expression without a default does. */
export function isReference(text: string): boolean {
  const found = REFERENCE.exec(text.slice(0, REFERENCE_LOOK));
  return found !== null && !DEFAULT.test(found[0]);
}

/** The most backslashes before a quote, as in JSON inside JSON. */
const ESCAPES = 8;

/**
 * The value of the name at `from`: behind `=`, `:`, `=>`, `%3D`, and for a flag also behind a blank or as the next item of a
 * list; in quotes, plain, or as lines of a YAML block. Undefined where there is none.
 */
export function valueSpan(lines: Lines, from: number, name: string): ValueSpan | undefined {
  const { text } = lines;
  const at = behindControls(text, from + name.length);
  const isFlag = name.startsWith("-");
  const quoted = behindQuote(text, at);
  const next = blanks(text, text[quoted] === "]" ? quoted + 1 : quoted);
  if (text[at] === "=" && from === lines.startOf(from) && isEnvironment(lines, at + 1))
    return { start: at + 1, end: trimmed(text, at + 1, lines.endOf(at), " \t\r"), by: "=" };
  if (text[next] === "=")
    return afterSeparator(lines, blanks(text, /[>=]/.test(text[next + 1] ?? "") ? next + 2 : next + 1), "=");
  if (/^(?:[:?+]|\|\|)=/.test(text.slice(next, next + 3)))
    return afterSeparator(lines, blanks(text, text.indexOf("=", next) + 1), "=");
  if (/^%3d/i.test(text.slice(next, next + 3))) return afterSeparator(lines, next + 3, "=");
  if (text[next] === ":" && !isFlag) {
    const isJson = quoted > at;
    const isPart = /\w:/.test(text.slice(Math.max(0, from - 2), from));
    if (isJson || !/\S/.test(text[next + 1] ?? ""))
      return isJson && isPart
        ? undefined
        : afterSeparator(lines, blanks(text, next + 1), ":", isPlural(name));
    return isPart || !endsAsSecret(name) ? undefined : afterTightColon(lines, next + 1);
  }
  return isFlag ? ofFlag(lines, quoted) : undefined;
}

function isPlural(name: string): boolean {
  return /(?:secrets|credentials|passwords|tokens)$/i.test(name);
}

/** A value that is followed by other variables, and by the program that they are set for. */
const COMMAND =
  /^(?:"[^"]*"|'[^']*'|[^\s"']*)[ \t]+(?:\w+=\S*[ \t]+)*(?:aws|kubectl|helm|terraform|tofu|eksctl|docker|vault|curl|git|np[mx]|node|python3?|make|env|sudo|sh|bash|[~.]?\/)/;

/**
 * Whether a line that begins with a variable is of the output of `env`, where the value is not quoted and goes on to the end of
 * the line.
 */
function isEnvironment(lines: Lines, at: number): boolean {
  const line = lines.text.slice(at, Math.min(lines.endOf(at), at + MAX_LOOK));
  return !/^(?:\s|\\$|"[^"]*"\s*$|'[^']*'\s*$)/.test(line) && !isReference(line) && !COMMAND.test(line);
}

/** The value behind an anchor of YAML. */
export function anchoredValue(lines: Lines, at: number): ValueSpan | undefined {
  return afterSeparator(lines, blanks(lines.text, at), ":");
}

/** The value of `token:x`. In `"my-token:sub": …` the colon is part of the name. */
function afterTightColon(lines: Lines, at: number): ValueSpan | undefined {
  const { text } = lines;
  if (!/\w/.test(text[at] ?? "")) return undefined;
  const value = afterSeparator(lines, at, "=");
  const behind = value === undefined ? at : behindQuote(text, value.end);
  return value !== undefined && behind > value.end && text[blanks(text, behind)] === ":" ? undefined : value;
}

/** What follows a backslash at the end of a line. */
function behindContinuation(text: string, at: number): number {
  const found = /^\\\r?\n/.exec(text.slice(at, at + 3));
  return found === null ? at : blanks(text, at + found[0].length);
}

/** The value in `--token x`, in `"--token", "x"`, and in the same as two lines of a list. */
function ofFlag(lines: Lines, at: number): ValueSpan | undefined {
  const { text } = lines;
  let next = at;
  while (next < at + 200 && /[\s,]/.test(text[next] ?? "")) next += 1;
  if (next === at) return undefined;
  const isContinued = behindContinuation(text, next) > next;
  if (isContinued) next = behindContinuation(text, next);
  else if (text[next] === "-" && /\s/.test(text[next + 1] ?? "") && text.slice(at, next).includes("\n"))
    next = blanks(text, next + 1);
  else if (text.slice(at, next).includes("\n")) return undefined;
  if (text[next] === "-" || isReference(text.slice(next, next + REFERENCE_LOOK))) return undefined;
  const open = quoteAt(text, next);
  if (open !== "") return inQuotes(lines, next, open);
  const end = trimmed(text, next, endOf(text, next, /[\s"',\]]/), "\\");
  return end === next ? undefined : { start: next, end, by: "flag" };
}

function afterSeparator(lines: Lines, at: number, by: "=" | ":", isMany = false): ValueSpan | undefined {
  const { text } = lines;
  let start = behindContinuation(text, at);
  for (let count = 0; count < MOST_PROPERTIES && isProperty(text, start); count += 1)
    start = blanks(text, endOf(text, start, /\s/));
  if (isReference(text.slice(start, start + REFERENCE_LOOK))) return undefined;
  if (text[start] === "[" || text[start] === "{") return structureSpan(lines, start);
  const lineEnd = lines.endOf(start);
  const head = text.slice(start, Math.min(lineEnd, start + 40));
  if (by === ":" && /^(?:[|>][+\-\d]{0,2}(?=[ \t\r]|$))?[ \t\r]*(?:#[ \t]|$)/.test(head)) {
    const below = indented(lines, lineEnd, text[start] === "|" || text[start] === ">", isMany);
    if (below !== undefined || !head.includes("#")) return below;
  }
  const dollar = by === "=" && text[start] === "$" && quoteAt(text, start + 1) !== "" ? 1 : 0;
  const open = quoteAt(text, start + dollar);
  if (open !== "") return wholeWord(lines, inQuotes(lines, start + dollar, open), by);
  if (by === "=") {
    const end = trimmed(text, start, endOf(text, start, /[\s"'`;&|]/), ",)]}\\");
    return end <= start ? undefined : { start, end, by };
  }
  const isFlow = /[{,]/.test(text.slice(Math.max(lines.startOf(at), at - 200), at));
  const stop = text.slice(start, Math.min(lineEnd, start + MAX_LOOK)).search(isFlow ? /\s#|[,}]/ : /\s#/);
  const end = trimmed(text, start, stop < 0 ? lineEnd : start + stop, " \t\r");
  return end <= start ? undefined : { start, end, by };
}

/** A value of YAML has one anchor and one tag at most. */
const MOST_PROPERTIES = 2;

function isProperty(text: string, at: number): boolean {
  return text[at] === "!" || (text[at] === "&" && quoteAt(text, at) === "");
}

function structureSpan(lines: Lines, start: number): ValueSpan {
  const { end, values } = structureAt(lines, start, (offset) => quotedAt(lines, offset));
  const secrets = values.filter((value) => !isReference(lines.text.slice(value.start, value.end)));
  return { start, end, values: secrets, by: "structure" };
}

/** A text in quotes at an offset, up to the end of its line at most, and the offset behind the quotes. */
export function quotedAt(lines: Lines, at: number) {
  const open = quoteAt(lines.text, at);
  if (open === "") return undefined;
  const start = at + open.length;
  const end = closingIn(lines, start, open);
  return end === undefined
    ? { start, end: lines.endOf(start), behind: lines.endOf(start) }
    : { start, end, behind: end + open.length };
}

/** In a shell, what follows a closing quote without a blank belongs to the same word: `"a"'b'c`. */
function wholeWord(lines: Lines, quoted: ValueSpan, by: "=" | ":"): ValueSpan {
  const { text } = lines;
  const behind = quoted.end + 1;
  if (by === ":" || !/["'$\w]/.test(text[behind] ?? "") || quoted.end >= lines.endOf(quoted.start))
    return quoted;
  return { ...quoted, end: trimmed(text, behind, endOf(text, behind, /[\s;&|,)}\]]/), "\"'") };
}

/** The lines below that are indented deeper: a block scalar (`isBlock`), or a plain value on lines of its own. */
function indented(lines: Lines, lineEnd: number, isBlock: boolean, isPlural = false): ValueSpan | undefined {
  const { text } = lines;
  const own = indentOf(text, lines.startOf(lineEnd));
  const isCommented = COMMENT.test(text.slice(lines.startOf(lineEnd), lineEnd));
  const start = isBlock || isCommented ? lineEnd + 1 : behindComments(lines, lineEnd + 1);
  const first = isBlock ? "" : text.slice(start, start + 300);
  const isMap = isPlural && /^[ \t]+(?:- )?["']?[\w.-]{1,100}["']?:(?:[ \t]|\r?\n)/.test(first);
  const isList = !isMap && !isCommented && /^[ \t]*- /.test(first);
  let end = start - 1;
  for (let line = start; line < text.length; line = end + 1) {
    const next = lines.endOf(line);
    const shown = text.slice(line, next);
    const isComment = !isBlock && COMMENT.test(shown);
    if (!(isList && isComment)) {
      if (shown.trim() !== "" && indentOf(text, line) <= own) break;
      if (!isBlock && !isMap && (isComment || /:(?:\s|$)/.test(shown))) break;
    }
    end = next;
  }
  if (end <= start || text.slice(start, end).trim() === "") return undefined;
  if (isMap) return { start, end, by: "structure", values: fields(text, start, end) };
  if (isBlock) return { start, end, by: "quoted" };
  if (isList) return { start, end, by: "structure", values: items(text, start, end) };
  return { start: blanks(text, start), end: trimmed(text, start, end, " \t\r\n"), by: "below" };
}

const COMMENT = /^\s*#/;

function behindComments(lines: Lines, at: number): number {
  let line = at;
  while (line < lines.text.length && COMMENT.test(lines.text.slice(line, lines.endOf(line))))
    line = lines.endOf(line) + 1;
  return line;
}

/** The values of a map of YAML, or of maps in a list, but for those that only say where a secret is. */
function fields(text: string, start: number, end: number) {
  return [
    ...text
      .slice(start, end)
      .matchAll(
        /^[ \t]*(?:#[ \t]*)?(?:-[ \t]+)?["']?([\w.-]{1,100})["']?:[ \t]+["']?([^\s"'|>&{[][^\r\n"']*)/gm,
      ),
  ]
    .filter(({ 1: key = "" }) => !saysWhere(key))
    .map(({ 0: line, 2: value = "", index }) => ({
      start: start + index + line.length - value.length,
      end: start + index + line.length,
    }));
}

/** The items of a list of YAML, without their dashes, also those that are commented out, and comments that set something. */
function items(text: string, start: number, end: number) {
  return [
    ...text
      .slice(start, end)
      .matchAll(/^[ \t]*(?:#[ \t]*-[ \t]+|-[ \t]+)?([^\s#][^\r\n]*|#[^\r\n\u2028\u2029:=]*[:=][^\r\n]*)/gm),
  ].map(({ 0: line, 1: item = "", index }) => ({
    start: start + index + line.length - item.length,
    end: start + index + line.length,
  }));
}

/** Up to the same quote, escaped as deeply; if there is none, up to the end of the line or of the deeper lines below. */
function inQuotes(lines: Lines, at: number, open: string): ValueSpan {
  const { text } = lines;
  const start = at + open.length;
  const lineEnd = lines.endOf(start);
  const close = CLOSING[open] ?? open;
  const end = closingIn(lines, start, open);
  if (end !== undefined) return { start, end, by: "quoted" };
  const more = indented(lines, lineEnd, true);
  const closing = more === undefined ? -1 : text.slice(more.start, more.end).indexOf(close);
  const last = more === undefined ? lineEnd : closing < 0 ? lineEnd : more.start + closing;
  return { start, end: last, by: "quoted" };
}

/** Where the quote closes in its own line; the search stays within it, so that many open quotes cost no more than their text. */
function closingIn(lines: Lines, start: number, open: string): number | undefined {
  const close = CLOSING[open] ?? open;
  const line = lines.text.slice(start, lines.endOf(start));
  for (let end = line.indexOf(close); end >= 0; end = line.indexOf(close, end + 1)) {
    if (open.length > 1 || !isEscaped(line, 0, end)) return start + end;
  }
  return undefined;
}

function isEscaped(text: string, start: number, at: number): boolean {
  let first = at;
  while (first > start && text[first - 1] === "\\") first -= 1;
  return (at - first) % 2 === 1;
}

/** Typographic quotes, and what closes them. */
const CLOSING: Readonly<Record<string, string>> = {
  "“": "”",
  "„": "“",
  "‘": "’",
  "‚": "‘",
  "«": "»",
  "»": "«",
};

/** The quote at an offset, with the backslashes before it, or as an entity of HTML; empty where there is none. */
function quoteAt(text: string, at: number): string {
  if (text.startsWith("&quot;", at)) return "&quot;";
  let end = at;
  while (end < at + ESCAPES && text[end] === "\\") end += 1;
  return /["'`“”„‘’‚«»]/.test(text[end] ?? "") ? text.slice(at, end + 1) : "";
}

/** What follows an escape character: colors, or a character set, as `tput sgr0` prints it. */
const CONTROL = /\[[0-9;?]{0,40}[A-Za-z]|\([A-Z0-9]/y;

function behindControls(text: string, at: number): number {
  let next = at;
  while (text[next] === "\u001b") {
    CONTROL.lastIndex = next + 1;
    next += 1 + (CONTROL.exec(text)?.[0].length ?? 0);
  }
  return next;
}

function behindQuote(text: string, at: number): number {
  const quote = quoteAt(text, at);
  return at + quote.length;
}

function blanks(text: string, at: number): number {
  let next = at;
  while (text[next] === " " || text[next] === "\t" || text[next] === "\u00a0") next += 1;
  return next;
}

function indentOf(text: string, lineStart: number): number {
  let next = lineStart;
  while (text[next] === " " || text[next] === "\t" || (text[next] === "-" && text[next + 1] === " "))
    next += 1;
  return next - lineStart;
}

function endOf(text: string, start: number, stop: RegExp): number {
  let end = start;
  while (end < text.length && !stop.test(text[end] ?? "")) end += 1;
  return end;
}

function trimmed(text: string, start: number, end: number, characters: string): number {
  let last = end;
  while (last > start && characters.includes(text[last - 1] ?? "")) last -= 1;
  return last;
}
