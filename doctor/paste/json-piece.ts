/** So many characters may be read behind a bracket without counting as costly: a log has `[INFO]` in each line. */
const CHEAP = 500;

/** The JSON object or list that a line begins with; `end` is the index of the line behind it. */
export function jsonAt(
  text: string,
  starts: readonly number[],
  index: number,
): { readonly form: "json"; readonly end: number; readonly value: unknown } | undefined {
  const start = starts[index] ?? 0;
  const end = jsonEnd(text, start);
  if (end === undefined) return undefined;
  const value = jsonValue(text.slice(start, end));
  if (typeof value !== "object") return undefined;
  let last = index;
  while ((starts[last + 1] ?? end) < end) last += 1;
  return { form: "json", end: last + 1, value };
}

/** Whether it is costly to find out what the bracket at the beginning of a line begins. */
export function isCostly(text: string, start: number): boolean {
  const line = text.slice(start, start + 200).trimStart();
  return /^[[{]/.test(line) && (jsonEnd(text, start) ?? Number.POSITIVE_INFINITY) - start > CHEAP;
}

/** The offset behind the bracket that closes the one at `start`. */
function jsonEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (isQuoted) {
      if (char === "\\") at += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === "{" || char === "[") depth += 1;
    else if (char === "}" || char === "]") {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** Parses JSON, also where a terminal has wrapped its strings. */
function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(withoutBreaks(text));
    } catch {
      return undefined;
    }
  }
}

/** The text with each wrapped string in one line again. */
function withoutBreaks(text: string): string {
  const lines = text.split("\n");
  let isQuoted = false;
  return lines
    .map((line, index) => {
      const joint = index === 0 || isQuoted ? "" : "\n";
      for (let at = 0; at < line.length; at += 1) {
        if (line[at] === "\\") at += 1;
        else if (line[at] === '"') isQuoted = !isQuoted;
      }
      return joint + line;
    })
    .join("");
}

/** Lines of JSON of which some are missing, and what is whole of them. */
interface CutJson {
  /** The index of the line behind the last one. */
  readonly end: number;
  /** Undefined: nothing is whole. */
  readonly value: unknown;
}

/** How lines of JSON begin that is written in several. */
const JSON_LINE = /^\s*(?:[[\]{}"]|-?\d|true\b|false\b|null\b|$)/;

/** What stands in the place of lines that someone or a pager has left out. */
const HOLE =
  /^(?:\[?(?:\.{3,9}|…)\]?|[[(<*-]{0,4} ?(?:(?:\.{3}|…) ?)?(?:snip|snipped|truncated|omitted|cut|more|\d{1,6} (?:more )?(?:lines|items|entries))\b.{0,20}),?$/i;

/** What is whole of an answer: fields and items of it, and of the first object or list within. */
const DEEPEST = 2;

/** JSON that begins in a line and is cut off, or has a hole; undefined for what does not look like it. */
export function cutJsonAt(lines: readonly string[], start: number): CutJson | undefined {
  const end = endOf(lines, start);
  const text = lines.slice(start, end);
  if (end === start + 1 && (text[0] ?? "").length < SHORTEST) return undefined;
  const hole = text.findIndex((line) => HOLE.test(line.trim()));
  const value =
    hole < 0
      ? wholeBegin(text.join("\n"))
      : (withoutHole(text) ?? wholeBegin(text.slice(0, hole).join("\n")));
  return { end, value };
}

/** A line that is shorter is hardly an answer. */
const SHORTEST = 40;

/** JSON whose beginning is missing, of an answer with one field that is an object or a list: `name` is that field. */
export function headlessJsonAt(lines: readonly string[], start: number, name: string): CutJson | undefined {
  const end = endOf(lines, start + 1);
  const isFragment = !JSON_LINE.test(lines[start] ?? "") || isOpenString(lines[start] ?? "");
  const text = lines.slice(isFragment ? start + 1 : start, end).join("\n");
  const closers: number[] = [];
  let depth = 0;
  for (const { char, at } of signsIn(text)) {
    if (OPENERS.includes(char)) depth += 1;
    else if (char !== "," && depth > 0) depth -= 1;
    else if (char !== ",") closers.push(at);
  }
  const [skipped = -1, inner, outer] = [closers.at(-3), closers.at(-2), closers.at(-1)];
  if (closers.length === 0 && !/,\s*$/.test(text)) return undefined;
  if (inner === undefined || outer === undefined || depth > 0 || text.slice(outer + 1).trim() !== "")
    return { end, value: undefined };
  const body = text.slice(skipped + 1, inner).replace(/^\s*,/, "");
  const open = text[inner] === "]" ? "[" : "{";
  return { end, value: parsed(`{${JSON.stringify(name)}:${open}${body}${text.slice(inner)}`) };
}

/** The lines that belong to JSON. A string that is open at the end of a line is where it is cut off. */
function endOf(lines: readonly string[], start: number): number {
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (!JSON_LINE.test(line) && !HOLE.test(line.trim())) return index;
    if (isOpenString(line)) return index + 1;
  }
  return lines.length;
}

function isOpenString(line: string): boolean {
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    if (isQuoted && line[at] === "\\") at += 1;
    else if (line[at] === '"') isQuoted = !isQuoted;
  }
  return isQuoted;
}

const OPENERS = "[{";

/** Brackets and commas outside of strings, none of which goes on in the next line. */
function signsIn(text: string): { readonly char: string; readonly at: number }[] {
  const signs: { readonly char: string; readonly at: number }[] = [];
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\n") isQuoted = false;
    else if (isQuoted && char === "\\") at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && "[]{},".includes(char)) signs.push({ char, at });
  }
  return signs;
}

/** Up to the last sign behind which a field or an item is whole, and the brackets that are open there, as they are closed. */
function lastWhole(text: string): { readonly end: number; readonly closing: string; readonly open: string } {
  const open: string[] = [];
  let whole = { end: 0, closing: "" };
  for (const { char, at } of signsIn(text)) {
    if (OPENERS.includes(char)) {
      open.push(char === "[" ? "]" : "}");
      continue;
    }
    if (char !== ",") open.pop();
    if (open.length > 0 && open.length <= (open[0] === "}" ? DEEPEST : 1))
      whole = { end: char === "," ? at : at + 1, closing: open.toReversed().join("") };
  }
  return { ...whole, open: open.toReversed().join("") };
}

function wholeBegin(text: string): unknown {
  const { end, closing } = lastWhole(text);
  return end === 0 ? undefined : parsed(text.slice(0, end) + closing);
}

/** The value around a hole where whole fields or items are left out; undefined for any other hole. */
function withoutHole(lines: readonly string[]): unknown {
  const at = lines.findIndex((line) => HOLE.test(line.trim()));
  const before = lines.slice(0, at).join("\n").trimEnd();
  const after = lines
    .slice(at + 1)
    .filter((line) => !HOLE.test(line.trim()))
    .join("\n")
    .trimStart();
  const { open } = lastWhole(before);
  if (open.length === 0 || open.length > (open.endsWith("}") ? DEEPEST : 1)) return undefined;
  const head = before.endsWith(",") ? before.slice(0, -1) : before;
  const isLast = /^[\]}]/.test(after) || /[[{]$/.test(head);
  return parsed(`${head}${isLast ? "" : ","}${after}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
