import { applySplices, type Splice } from "../text/splices.ts";
import { Lines } from "./lines.ts";
import { QuotedStrings } from "./quoted-strings.ts";
import { MASK } from "./secret-names.ts";

/** What precedes a value in YAML or JSON: a key or the dashes of a list, then its anchor and tag. */
const BEFORE_VALUE = /(?:["']:[ \t]*|[\w.-]:[ \t]+|^[ \t]*(?:-[ \t]+)*-[ \t]+)(?:[&!]\S{0,100}[ \t]+){0,2}$/;

/** A line with a map or list in flow style. */
const FLOW = /^[ \t]*(?:-[ \t]+)*(?:["']?[\w./-]{1,200}["']?:[ \t]+)?[{[]/;

/** How much around a mask is looked at, in characters. */
const MAX_LOOK = 400;

/** Quotes plain values of YAML that begin with a mask, since a `*` begins an alias. Lines stay lines. */
export function quoteMasks(text: string): string {
  if (!text.includes(MASK)) return text;
  const lines = new Lines(text);
  const strings = new QuotedStrings(text);
  let done = 0;
  const splices = [...text.matchAll(/\*{3}/g)].flatMap(({ index }): Splice[] => {
    if (index < done || text[index + 3] === "*" || strings.endAround(index) !== undefined) return [];
    const value = bareValue(lines, index);
    if (value === undefined || /["\\]|: /.test(value.text)) return [];
    done = value.end;
    return [{ ...value, text: `"${value.text}"` }];
  });
  return applySplices(text, splices);
}

function bareValue(lines: Lines, start: number): Splice | undefined {
  const { text } = lines;
  const lineStart = lines.startOf(start);
  const before = text.slice(Math.max(lineStart, start - MAX_LOOK), start);
  const lineEnd = lines.endOf(start);
  if (before.trim() === "") return valueBelow(lines, start);
  const isItem = /[[{,][ \t]*$/.test(before) && FLOW.test(text.slice(lineStart, lineStart + MAX_LOOK));
  if (!isItem && !BEFORE_VALUE.test(before)) return undefined;
  const isFlow = /[[{,]/.test(before);
  const rest = text.slice(start, Math.min(lineEnd, start + MAX_LOOK));
  const stop = rest.search(isFlow ? /[,}\]]|\s#/ : /\s#/);
  const value = (stop < 0 ? text.slice(start, lineEnd) : rest.slice(0, stop)).trimEnd();
  let end = start + value.length;
  // A map that began in a line above ends here.
  if (!/[[{]/.test(value)) while (/[\]},\s]/.test(text[end - 1] ?? "")) end -= 1;
  return { start, end, text: text.slice(start, end) };
}

/** Masks alone on the lines below `key:`, indented deeper. */
function valueBelow(lines: Lines, start: number): Splice | undefined {
  const { text } = lines;
  const lineStart = lines.startOf(start);
  const key = text.slice(lines.startOf(Math.max(0, lineStart - 1)), Math.max(0, lineStart - 1));
  if (!/^[ \t]*(?:-[ \t]+)*["']?[\w./-]{1,200}["']?:[ \t]*\r?$/.test(key) || start === lineStart)
    return undefined;
  let end = lines.endOf(start);
  if (text.slice(start, end).trim() !== MASK) return undefined;
  for (let line = end + 1; line < text.length; line = lines.endOf(line) + 1) {
    if (!/^[ \t]+\*{3}\r?$/.test(text.slice(line, lines.endOf(line)))) break;
    end = lines.endOf(line);
  }
  const value = text.slice(start, end).trimEnd();
  return { start, end: start + value.length, text: value };
}
