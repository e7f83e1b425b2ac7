import type { Lines } from "./lines.ts";
import { saysWhere } from "./secret-names.ts";

/** A list or a map of JSON, YAML's flow style or HCL. */
export interface Structure {
  /** The offset behind its closing bracket, or where it breaks off. */
  readonly end: number;
  /** The values in it, without quotes. Keys, and what only says where a secret is, are left out. */
  readonly values: readonly { readonly start: number; readonly end: number }[];
}

/** Finds the end of a quoted text that begins at an offset; undefined where no quote is. */
export type ReadQuoted = (at: number) => { start: number; end: number; behind: number } | undefined;

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
