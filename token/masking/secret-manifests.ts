import { applySplices, type Splice, withoutOverlaps } from "../text/splices.ts";
import { Lines } from "./lines.ts";
import { maskLines } from "./secret-names.ts";
import { structureAt } from "./structure.ts";
import { quotedAt } from "./value-span.ts";

/** A field of an object in YAML or JSON, alone in its line or the first of an item. */
const FIELD = /^[ \t]*(?:-[ \t]+)?["']?(kind|data|stringData)["']?:(.*)/;

/** A field of an object that is written in one line. */
const INLINE = /["'](?:data|stringData)["'][ \t]*:[ \t]*(?=\{)/g;

/** An object whose fields are at one indentation. */
interface Manifest {
  readonly indent: number;
  isSecret: boolean;
  /** The lines of its data: the first, and the one behind the last. */
  readonly data: { readonly first: number; end: number | undefined }[];
}

/** A text with the values of Kubernetes Secrets masked, in YAML and JSON: their keys have any name. */
export function maskSecretManifests(text: string): string {
  if (!/kind["']?:[ \t]*["']?Secret\b/.test(text)) return text;
  const lines = new Lines(text);
  const splices = [...ofBlocks(text, lines), ...inlined(text, lines)];
  return applySplices(text, withoutOverlaps(splices));
}

function ofBlocks(text: string, lines: Lines): Splice[] {
  const rows = text.split("\n");
  const starts: number[] = [];
  const splices: Splice[] = [];
  const open: Manifest[] = [];
  let at = 0;
  const close = (indent: number, row: number) => {
    for (let last = open.at(-1); last !== undefined && last.indent > indent; last = open.at(-1)) {
      open.pop();
      if (last.isSecret)
        for (const { first, end = row } of last.data)
          splices.push(...valuesOf(text, lines, starts.slice(first, end), rows.slice(first, end)));
    }
  };
  for (const [row, line] of rows.entries()) {
    starts.push(at);
    at += line.length + 1;
    if (line.trim() === "") continue;
    if (line.startsWith("---")) close(-2, row);
    const indent = line.search(/[^\s-]|-\S/);
    close(/^[ \t]*-[ \t]/.test(line) ? line.search(/\S/) : indent, row);
    if (open.at(-1)?.indent !== indent) open.push({ indent, isSecret: false, data: [] });
    const manifest = open.at(-1);
    const last = manifest?.data.at(-1);
    if (last !== undefined) last.end ??= row;
    const [, field, value = ""] = FIELD.exec(line) ?? [];
    if (field === "kind" && manifest !== undefined)
      manifest.isSecret ||= /^\s{0,20}["']?Secret\b/.test(value);
    else if (field !== undefined) manifest?.data.push({ first: row, end: undefined });
  }
  close(-2, rows.length);
  return splices;
}

function valuesOf(text: string, lines: Lines, starts: readonly number[], rows: readonly string[]): Splice[] {
  const [head = "", ...below] = rows;
  const bracket = head.indexOf("{");
  if (bracket >= 0) return inStructure(text, lines, (starts[0] ?? 0) + bracket).splices;
  const indent = below[0]?.search(/\S/) ?? 0;
  return below.flatMap((line, index): Splice[] => {
    const start = line.search(/\S/);
    const from = start === indent ? line.indexOf(":") + 1 : start;
    const content = line.slice(from).trimStart();
    const isMark = content === "" || /^[|>][-+\d]{0,2}\s*$/.test(content);
    const end = (starts[index + 1] ?? 0) + line.length;
    return isMark ? [] : [{ start: end - content.length, end, text: maskLines(content) }];
  });
}

/** Objects in one line: nothing there says whose the data is, but the keys of aws-auth do. */
function inlined(text: string, lines: Lines): Splice[] {
  const splices: Splice[] = [];
  let done = 0;
  let [lineEnd, isSecret] = [-1, false];
  for (const { 0: field, index } of text.matchAll(INLINE)) {
    if (index < done) continue;
    if (index > lineEnd) {
      lineEnd = lines.endOf(index);
      isSecret = /"kind"[ \t]*:[ \t]*"Secret"/.test(text.slice(lines.startOf(index), lineEnd));
    }
    const start = index + field.length;
    if (!isSecret || /^\{[ \t]*"map(?:Roles|Users|Accounts)"/.test(text.slice(start, start + 80))) continue;
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
