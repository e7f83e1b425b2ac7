/** One position of a pattern: any text, or a test of one character. */
type Place = "any" | ((sign: string) => boolean);

/**
 * Whether a wildcard pattern matches a whole text: `*` stands for any text, including none, and `?` for one character.
 *
 * Backtracks only to the last `*`, so the time is at most the product of both lengths, where a regular expression would need a
 * power of it.
 */
export function globCovers(pattern: string, text: string, one = "?"): boolean {
  return covers(
    [...pattern].map((sign) => (sign === "*" ? "any" : sign === one ? anySign : is(sign))),
    text,
  );
}

/**
 * Whether a text fits a pattern as shells read it, except that `/` is a character like any other: also `[abc]`, `[a-c]` and
 * `[!a-c]`, and a backslash before a literal character. A bracket that is not closed stands for itself. Source: POSIX, Shell
 * Command Language, 2.14 "Pattern Matching Notation".
 */
export function shellGlobCovers(pattern: string, text: string): boolean {
  const places: Place[] = [];
  const signs = [...pattern];
  const lastClose = signs.lastIndexOf("]");
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at] ?? "";
    const first = at + (["!", "^"].includes(signs[at + 1] ?? "") ? 2 : 1);
    if (sign === "*") places.push("any");
    else if (sign === "?") places.push(anySign);
    else if (sign === "\\" && at + 1 < signs.length) {
      at += 1;
      places.push(is(signs[at] ?? ""));
    } else if (sign === "[" && first + 1 <= lastClose) {
      const close = signs.indexOf("]", first + 1);
      const isOneOf = oneOf(signs.slice(first, close));
      places.push(first === at + 1 ? isOneOf : (other) => !isOneOf(other));
      at = close;
    } else places.push(is(sign));
  }
  return covers(places, text);
}

function covers(places: readonly Place[], text: string): boolean {
  const signs = [...text];
  let at = 0;
  let star = -1;
  let resumed = 0;
  let index = 0;
  while (index < signs.length) {
    const place = places[at];
    if (place === "any") {
      star = at++;
      resumed = index;
    } else if (place?.(signs[index] ?? "")) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resumed;
    } else return false;
  }
  while (places[at] === "any") at++;
  return at === places.length;
}

function anySign(): boolean {
  return true;
}

function is(wanted: string): (sign: string) => boolean {
  return (sign) => sign === wanted;
}

/** The contents of brackets: characters, and ranges of them. */
function oneOf(signs: readonly string[]): (sign: string) => boolean {
  const ranges: [string, string][] = [];
  for (let at = 0; at < signs.length; at += 1) {
    const from = signs[at] ?? "";
    const to = signs[at + 1] === "-" ? signs[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return (sign) => ranges.some(([from, to]) => from <= sign && sign <= to);
}
