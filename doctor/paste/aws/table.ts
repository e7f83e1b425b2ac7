import { isRecord } from "../../../token/record.ts";
import type { Schema } from "../../../token/schema.ts";
import { isComplaint } from "../complaint.ts";
import { isOfAws } from "../words.ts";
import { fieldOf, formOf } from "./query.ts";
import { isNamedLine, partOfLine } from "./text.ts";

/** A section of a table: its title, the names of its columns, its rows, and the sections within it. */
interface Section {
  readonly title: string;
  readonly level: number;
  readonly columns: readonly string[] | undefined;
  readonly rows: readonly (readonly string[])[];
  readonly within: Section[];
}

/** The lines between two rules, cut into cells; `level` is the number of bars before the first one. */
interface Block {
  readonly level: number;
  readonly lines: readonly (readonly string[])[];
}

/** `||+----+---+||` */
const RULE = /^\|{0,20}\+[-+]{1,4000}\+\|{0,20}$/;
const TOP = /^-{5,4000}$/;
const TITLE = /^\|([ A-Za-z0-9]{3,4000})\|$/;

/** The operation whose table begins in a line of dashes, from the line below it: `DescribeCluster`. */
export function operationBelow(line: string, next: string): string | undefined {
  const [, title = ""] = (TOP.test(line.trim()) && TITLE.exec(next.trim())) || [];
  return /^[A-Z][A-Za-z0-9]{2,80}$/.test(title.trim()) ? title.trim() : undefined;
}

function isTableLine(line: string): boolean {
  return /^(?:\||\+-)/.test(line.trimStart());
}

/**
 * The value that a table of the AWS CLI shows, all of it as words; undefined for one that is cut off. Source: aws/aws-cli, awscli/table.py and
 * formatter.py, `TableFormatter`.
 */
export function tableValue(text: string, schema: Schema | undefined): unknown {
  const [, ...lines] = text.trim().split("\n");
  const blocks = blocksOf(lines.map((line) => line.trim()));
  const sections = blocks && sectionsOf(blocks);
  if (sections === undefined || sections.length === 0) return undefined;
  return valueIn(sections, schema);
}

function blocksOf(lines: readonly string[]): Block[] | undefined {
  if (!RULE.test(lines.at(-1) ?? "")) return undefined;
  const blocks: Block[] = [];
  let open: string[] = [];
  for (const line of lines) {
    if (!RULE.test(line)) {
      open.push(line);
      continue;
    }
    const level = /^\|*/.exec(open[0] ?? "")?.[0].length ?? 0;
    const edge = "|".repeat(level);
    if (level === 0 || open.some((one) => !one.startsWith(edge) || !one.endsWith(edge))) return undefined;
    blocks.push({ level, lines: open.map((one) => one.slice(level, -level).split("|")) });
    open = [];
  }
  return blocks;
}

/** A title stands in the middle; what is in a row begins behind two blanks. */
function isTitle({ lines }: Block): boolean {
  const [[cell = "", ...others] = [], ...more] = lines;
  return others.length === 0 && more.length === 0 && !/^ {2}\S/.test(cell);
}

function sectionsOf(blocks: readonly Block[]): Section[] | undefined {
  const top: Section[] = [];
  const open: Section[] = [];
  for (let index = 0; index < blocks.length; ) {
    const block = blocks[index];
    if (block === undefined || !isTitle(block)) return undefined;
    const { level } = block;
    const { columns, rows, used } = bodyOf(blocks, index + 1, level);
    const width = columns?.length ?? rows[0]?.length ?? 0;
    if (rows.some(({ length }) => length !== width)) return undefined;
    const section = { title: block.lines[0]?.[0]?.trim() ?? "", level, columns, rows, within: [] };
    while ((open.at(-1)?.level ?? 0) >= level) open.pop();
    (open.at(-1)?.within ?? top).push(section);
    open.push(section);
    index += 1 + used;
  }
  return top;
}

/** What stands below a title: nothing, rows, or the names of columns and rows. */
function bodyOf(
  blocks: readonly Block[],
  at: number,
  level: number,
): Pick<Section, "columns" | "rows"> & { readonly used: number } {
  const [first, second] = [blocks[at], blocks[at + 1]];
  if (first === undefined || first.level !== level || isTitle(first))
    return { columns: undefined, rows: [], used: 0 };
  const [names = []] = first.lines;
  const hasNames =
    first.lines.length === 1 &&
    names.length > 1 &&
    second?.level === level &&
    second.lines[0]?.length === names.length;
  const trimmed = ({ lines }: Block) => lines.map((cells) => cells.map((cell) => cell.trim()));
  return hasNames
    ? { columns: names.map((name) => name.trim()), rows: trimmed(second), used: 2 }
    : { columns: undefined, rows: trimmed(first), used: 1 };
}

/** The value of the sections of one title: one object, several, or a list. */
function valueIn(sections: readonly Section[], schema: Schema | undefined): unknown {
  const list = formOf(schema, "array");
  const [first] = sections;
  const isList =
    list === undefined
      ? sections.length > 1 || (first?.columns === undefined && first?.rows[0]?.length === 1)
      : true;
  if (!isList) return first && objectsIn(first, schema)[0];
  const { items } = list ?? {};
  return sections.flatMap((section): unknown[] => {
    const isObjects = section.columns !== undefined || section.within.length > 0 || formOf(items, "object");
    if (isObjects) return objectsIn(section, items);
    return formOf(items, "array") === undefined ? section.rows.flat() : [...section.rows];
  });
}

/** The objects of a section: one in each row, or one whose fields are the rows. What is within belongs to the last. */
function objectsIn({ columns, rows, within }: Section, schema: Schema | undefined): unknown[] {
  const pairs = (names: readonly string[], words: readonly string[]) =>
    names.flatMap((name, index) => {
      const word = words[index] ?? "";
      return word === "" ? [] : [[name, word] as const];
    });
  const objects: Record<string, unknown>[] =
    columns === undefined
      ? [Object.fromEntries(rows.flatMap(([name = "", word = ""]) => pairs([name], [word])))]
      : rows.map((words) => Object.fromEntries(pairs(columns, words)));
  const last = objects.at(-1) ?? {};
  for (const title of new Set(within.map((section) => section.title))) {
    const own = within.filter((section) => section.title === title);
    // Where other items have a list there, a word has its column alone, and a list has both.
    const isEmpty = own.every(({ rows, within: inner }) => rows.length === 0 && inner.length === 0);
    if (!isEmpty || last[title] === undefined) last[title] = valueIn(own, fieldOf(schema, title)) ?? {};
  }
  return objects.filter(isRecord);
}

/** The lines of an output, what printed them, and which of them is the first that is not blank. */
interface Printed {
  readonly lines: readonly string[];
  readonly beginning: number;
  readonly command: string | undefined;
}

/**
 * The index behind the last line of a table or of text of the AWS CLI that begins in a line; undefined where none does. Without a
 * known command, only lines that say what they are belong to it.
 */
export function awsTextEnd({ lines, beginning, command }: Printed, start: number): number | undefined {
  const line = lines[start] ?? "";
  if (operationBelow(line, lines[start + 1] ?? "") !== undefined) return endOf(lines, start + 1, isTableLine);
  if (start === beginning && isOfAws(command) && !isComplaint(line))
    return endOf(lines, start, (one) => one.trim() !== "" && !isComplaint(one));
  return partOfLine(line) === undefined ? undefined : endOf(lines, start + 1, isNamedLine);
}

function endOf(lines: readonly string[], start: number, belongs: (line: string) => boolean): number {
  let end = start;
  while (end < lines.length && belongs(lines[end] ?? "")) end += 1;
  return end;
}
