import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { contentOf, Lines, structureAt } from "./layout.ts";
import { maskLines } from "./secret-words.ts";
import { quotedAt } from "./value-span.ts";

/** A field of an object in YAML or JSON, alone in its line or the first of an item. */
const FIELD = /^["']?(kind|data|stringData)["']?[ \t]*:(.*)/;

/** A field of an object that is written in one line, also in a string of JSON. */
const INLINE = /\b(?:data|stringData)\\{0,8}["']?[ \t]*:[ \t]*(?=\{)/g;

/** The value of `kind` in a Secret, or in a list of them, whose items do not say what they are. */
const SECRET = /kind\\{0,8}["']?[ \t]*:[ \t]*\\{0,8}["']?Secret(List)?\b/;

/** An object whose fields are at one indentation. */
interface Manifest {
  readonly indent: number;
  /** What its `kind` says; undefined if it has none. */
  isSecret: boolean | undefined;
  /** The lines of its data: the first, and the one behind the last. */
  readonly data: { readonly first: number; end: number | undefined }[];
}

interface Row {
  /** The offset of its line. */
  readonly at: number;
  /** Columns before its field or text: what quotes it, blanks, and the dashes of a list. */
  readonly indent: number;
  /** The column of its dash; its indentation if it has none. */
  readonly dash: number;
  readonly content: string;
}

/** A text with the values of Kubernetes Secrets masked, in YAML and JSON: their keys have any name. */
export function maskSecretManifests(text: string): string {
  return SECRET.test(text) ? maskManifests(maskMarked(text)) : text;
}

/** What begins each line of a quotation or of what is commented out. */
const MARK = /^[ \t]{0,40}(?:[>#]|\/\/)[ \t>#]{0,2}/;

/** The same inside quotations and comments, as if the lines had no marks. */
function maskMarked(text: string): string {
  const lines = text.split("\n");
  for (let first = 0; first < lines.length; first += 1) {
    const mark = MARK.exec(lines[first] ?? "")?.[0].trimEnd();
    if (mark === undefined) continue;
    let end = first + 1;
    while (lines[end]?.startsWith(mark) === true) end += 1;
    const bare = lines.slice(first, end).map((line) => line.slice(mark.length));
    const masked = maskManifests(bare.join("\n")).split("\n");
    if (masked.length === bare.length)
      for (const [index, line] of masked.entries()) lines[first + index] = `${mark}${line}`;
    first = end - 1;
  }
  return lines.join("\n");
}

function maskManifests(text: string): string {
  const lines = new Lines(text);
  return applySplices(text, withoutOverlaps([...ofBlocks(text, lines), ...inlined(text, lines)]));
}

function rowsOf(text: string): Row[] {
  const isDiff = /^\+[^+]/m.test(text);
  let at = -1;
  let next = 0;
  return text.split("\n").map((line) => {
    at = next;
    next += line.length + 1;
    const { start, text: content } = contentOf(isDiff ? line.replace(/^[+-]/, " ") : line);
    const dashes = /^(?:-[ \t]{1,20})*/.exec(content)?.[0].length ?? 0;
    return { at, indent: start + dashes, dash: start, content: content.slice(dashes) };
  });
}

function ofBlocks(text: string, lines: Lines): Splice[] {
  const rows = rowsOf(text);
  const splices: Splice[] = [];
  const isOfList = SECRET.exec(text)?.[1] !== undefined;
  const open: Manifest[] = [];
  const close = (indent: number, row: number) => {
    for (let last = open.at(-1); last !== undefined && last.indent > indent; last = open.at(-1)) {
      open.pop();
      if (last.isSecret ?? isOfList)
        for (const { first, end = row } of last.data)
          splices.push(...valuesOf(text, lines, rows.slice(first, end)));
    }
  };
  for (const [index, { indent, dash, content }] of rows.entries()) {
    if (content === "" || content.startsWith("#")) continue;
    if (content.startsWith("---")) close(-2, index);
    close(dash, index);
    if (open.at(-1)?.indent !== indent) open.push({ indent, isSecret: undefined, data: [] });
    const manifest = open.at(-1);
    const last = manifest?.data.at(-1);
    if (last !== undefined) last.end ??= index;
    const [, field, value = ""] = FIELD.exec(content) ?? [];
    if (field === "kind" && manifest !== undefined)
      manifest.isSecret = manifest.isSecret === true || /^\s{0,20}["']?Secret\b/.test(value);
    else if (field !== undefined) manifest?.data.push({ first: index, end: undefined });
  }
  close(-2, rows.length);
  return splices;
}

/** The values below the line of a field. */
function valuesOf(text: string, lines: Lines, [head, ...below]: readonly Row[]): Splice[] {
  const bracket = head?.content.indexOf("{") ?? -1;
  if (head !== undefined && bracket >= 0)
    return inStructure(text, lines, head.at + head.indent + bracket).splices;
  const rows = below.filter(({ content }) => content !== "" && !content.startsWith("#"));
  return rows.flatMap(({ at, indent, content }): Splice[] => {
    const key = indent === rows[0]?.indent ? content.indexOf(":") + 1 : 0;
    const value = content.slice(key).trimStart();
    const end = at + indent + content.length;
    const isMark = value === "" || /^[|>][-+\d]{0,2}$/.test(value) || /^[{}\]],?$/.test(value);
    return isMark ? [] : [{ start: end - value.length, end, text: maskLines(value) }];
  });
}

/** Objects in one line: nothing there shows which object the data belongs to, but the keys of aws-auth do. */
function inlined(text: string, lines: Lines): Splice[] {
  const splices: Splice[] = [];
  let done = 0;
  let [lineEnd, isSecret] = [-1, false];
  for (const { 0: field, index } of text.matchAll(INLINE)) {
    if (index < done) continue;
    if (index > lineEnd) {
      lineEnd = lines.endOf(index);
      isSecret = SECRET.test(text.slice(lines.startOf(index), lineEnd));
    }
    const start = index + field.length;
    if (
      !isSecret ||
      /^\{[ \t]*\\{0,8}"map(?:Roles|Users|Accounts)\\{0,8}"/.test(text.slice(start, start + 80))
    )
      continue;
    const inside = inStructure(text, lines, start);
    splices.push(...inside.splices);
    done = inside.end;
  }
  return splices;
}

function inStructure(text: string, lines: Lines, at: number): { end: number; splices: Splice[] } {
  const { end, values } = structureAt(lines, at, (offset) => quotedAt(lines, offset));
  return {
    end,
    splices: values.map((value) => ({ ...value, text: maskLines(text.slice(value.start, value.end)) })),
  };
}
