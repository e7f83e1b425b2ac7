import { shownLines, withoutColors } from "../../token/text/printable.ts";

/** Our own characters, and their replacements if only ASCII can be shown. */
const IN_ASCII: Readonly<Record<string, string>> = {
  "…": "...",
  "–": "-",
  "—": "-",
  "’": "'",
  "“": '"',
  "”": '"',
};

/**
 * A copy whose texts are safe to show on a terminal: parts of them come from servers and programs, and could otherwise move the
 * cursor or change colors.
 */
export function printable<T>(value: T, { unicode }: { readonly unicode: boolean }): T {
  return cleaned(value, unicode) as T;
}

/** Fields with commands and files, which were written for a shell or a tool: nothing visible in them is changed. */
const FOR_PASTING: ReadonlySet<string> = new Set(["commands", "command", "text"]);

function cleaned(value: unknown, unicode: boolean): unknown {
  if (typeof value === "string") return cleanText(value, unicode);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, unicode));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      FOR_PASTING.has(name) ? seen(item) : cleaned(item, unicode),
    ]),
  );
}

function seen(item: unknown): unknown {
  if (typeof item === "string") return shownLines(item);
  return Array.isArray(item) ? item.map(seen) : item;
}

/** A sentence with a command keeps its characters, since they may be part of the command. */
function cleanText(text: string, unicode: boolean): string {
  const plain = shownLines(withoutColors(text));
  return unicode || text.includes("`")
    ? plain
    : plain.replaceAll(/[…–—’“”]/g, (sign) => IN_ASCII[sign] ?? sign);
}
