import { withoutColors } from "../../token/text/colors.ts";
import { shownLines } from "../../token/text/printable.ts";

/** Our own signs, and what stands for them where only ASCII can be shown. */
const IN_ASCII: Readonly<Record<string, string>> = {
  "…": "...",
  "–": "-",
  "—": "-",
  "’": "'",
  "“": '"',
  "”": '"',
};

/**
 * A copy whose texts can be shown on a terminal: servers and programs wrote parts of them, and what they wrote may move the
 * cursor or change colors.
 */
export function printable<T>(value: T, { unicode }: { readonly unicode: boolean }): T {
  return cleaned(value, unicode) as T;
}

/** Fields of commands and files, which were written for a shell or a tool: nothing that can be seen changes in them. */
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

/** A sentence with a command keeps its signs: one of them may be a part of the command. */
function cleanText(text: string, unicode: boolean): string {
  const plain = shownLines(withoutColors(text));
  return unicode || text.includes("`")
    ? plain
    : plain.replaceAll(/[…–—’“”]/g, (sign) => IN_ASCII[sign] ?? sign);
}
