import { contentOf, withContent } from "./line-content.ts";
import { isMixed } from "./random-words.ts";
import { MASK } from "./secret-names.ts";

/** Whether a word is base64 of a text that contains a secret. */
export function hidesSecret(word: string, isSecret: (decoded: string) => boolean): boolean {
  const decoded = textOf(word);
  return decoded !== undefined && isSecret(decoded);
}

/** Masks a value of base64 in several lines, if it is a text with a secret, or looks like a key or token. */
export function maskBase64Lines(text: string, isSecret: (decoded: string) => boolean): string {
  const lines = text.split("\n");
  const contents = lines.map((line) => contentOf(line).text);
  for (let first = 0; first < lines.length; first += 1) {
    let next = first;
    while (FULL_LINE.test(contents[next] ?? "")) next += 1;
    if (next === first) continue;
    const last = LAST_LINE.exec(contents[next] ?? "")?.[1];
    const words = [...contents.slice(first, next), ...(last === undefined ? [] : [last])];
    const decoded = textWithin(words.join(""));
    const isHidden =
      decoded === undefined
        ? isKey(words, { before: contents[first - 1], after: contents[first + words.length] })
        : words.length > 1 && isSecret(decoded);
    for (const [index, word] of isHidden ? words.entries() : [])
      lines[first + index] = withContent(
        lines[first + index] ?? "",
        (contents[first + index] ?? "").replace(word, MASK),
      );
    first = next - 1;
  }
  return lines.join("\n");
}

/** A full line of wrapped base64. */
const FULL_LINE = /^[\w+/-]{40,4096}$/;

/** The last line of the value, and what follows it. */
const LAST_LINE = /^([\w+/-]{1,4096}={0,2})(?:$|["',}])/;

/** Lines of keys and tokens are at least so long; shorter ones may be names. */
const KEY_LINE = 60;

/** Whether lines are of a key or token whose beginning is missing: at least two look random, and they are no PEM block. */
function isKey(
  words: readonly string[],
  { before = "", after = "" }: { readonly before: string | undefined; readonly after: string | undefined },
): boolean {
  const long = words.filter((word) => word.length >= KEY_LINE);
  return (
    long.length >= 2 &&
    long.every((word) => isMixed(word.replaceAll(/[-_]/g, "").replaceAll("/", "+"), 1)) &&
    !/-----BEGIN /.test(before) &&
    !/-----END /.test(after)
  );
}

/** The text that a part of a base64 value encodes, wherever it was cut. */
function textWithin(base64: string): string | undefined {
  for (let start = 0; start < 4; start += 1) {
    const whole = base64.replace(/={1,2}$/, "").slice(start);
    const text = textOf(whole.slice(0, whole.length - (whole.length % 4)));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The text that a word is base64 of; undefined for bytes that are no text. */
export function textOf(base64: string): string | undefined {
  try {
    const decoded = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
    const odd = decoded.match(/[^\t\n\r\x20-\x7e]/g)?.length ?? 0;
    return odd * 10 > decoded.length ? undefined : decoded;
  } catch {
    return undefined;
  }
}
