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
