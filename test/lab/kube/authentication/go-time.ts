const LAYOUT = "20060102T150405Z";

/** A moment, and how Go prints it. */
export interface GoTime {
  /** Milliseconds since 1970. */
  readonly epochMs: number;
  /** `2026-11-25 10:34:18 +0000 UTC` */
  readonly text: string;
}

/** The pieces of the layout in order: its text, and what Go calls a value that is out of its range. */
const PIECES: readonly (readonly [
  element: string,
  pattern: RegExp,
  range?: readonly [string, number, number],
])[] = [
  ["2006", /^\d{4}/],
  ["01", /^\d\d/, ["month", 1, 12]],
  ["02", /^\d\d/],
  ["T", /^T/],
  ["15", /^\d\d?/, ["hour", 0, 23]],
  ["04", /^\d\d/, ["minute", 0, 59]],
  ["05", /^\d\d/, ["second", 0, 59]],
];

/**
 * Reads `20260115T120000Z` as Go does, which takes a fraction of a second though the layout has none. Throws an Error with
 * Go's text. Source: Go 1.26, time, `Parse`.
 */
export function parseAmzTime(value: string): GoTime {
  let rest = value;
  const read: string[] = [];
  for (const [element, pattern, range] of PIECES) {
    const found = pattern.exec(rest)?.[0];
    if (found === undefined) throw unreadable(value, rest, element);
    const [name = "", least = 0, most = 9999] = range ?? [];
    if (Number(found) < least || Number(found) > most) throw wrong(value, `: ${name} out of range`);
    read.push(found);
    rest = rest.slice(found.length);
  }
  const fraction = /^[.,]\d+/.exec(rest)?.[0] ?? "";
  rest = rest.slice(fraction.length);
  if (!rest.startsWith("Z")) throw unreadable(value, rest, "Z");
  if (rest !== "Z") throw wrong(value, `: extra text: ${timeQuoted(rest.slice(1))}`);

  const [year = "", month = "", day = "", , hour = "", minute = "", second = ""] = read;
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(epochMs) || new Date(epochMs).getUTCDate() !== Number(day)) {
    throw wrong(value, ": day out of range");
  }
  const digits = fraction.slice(1, 10).replace(/0+$/, "");
  return {
    epochMs: epochMs + Number(`0.${digits}`) * 1000,
    text: `${year}-${month}-${day} ${hour}:${minute}:${second}${digits && `.${digits}`} +0000 UTC`,
  };
}

function unreadable(value: string, rest: string, element: string): Error {
  return wrong(value, `: cannot parse ${timeQuoted(rest)} as "${element}"`, ` as "${LAYOUT}"`);
}

function wrong(value: string, what: string, layout = ""): Error {
  return new Error(`parsing time ${timeQuoted(value)}${layout}${what}`);
}

/** Escapes more than `%q` does. Source: Go 1.26, time, `quote`. */
function timeQuoted(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => {
    const character = String.fromCharCode(byte);
    if (byte >= 0x80 || byte < 0x20) return `\\x${byte.toString(16).padStart(2, "0")}`;
    return character === '"' || character === "\\" ? `\\${character}` : character;
  });
  return `"${bytes.join("")}"`;
}
