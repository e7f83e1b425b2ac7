/** Characters of a server's own words that we show at most. */
const SHOWN = 200;

/** Control characters, and those that hide text, are hidden themselves or turn its direction round. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/** What is left of a character that is cut in the middle. */
const HALF_PAIR = /[\ud800-\udbff]$/;

/** A run of this kind can be a token or an assertion that the server repeats to us. */
const SECRET_LIKE = /[\w+/=.~-]{40,}/g;

/**
 * A server's words, fit to print on a terminal: one line, short, without escape sequences and without anything that
 * looks like a credential. Undefined when nothing is left.
 */
export function serverText(text: string | undefined): string | undefined {
  const line = (text ?? "")
    .replaceAll(UNPRINTABLE, " ")
    .replaceAll(SECRET_LIKE, "…")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (line === "") return undefined;
  return line.length > SHOWN ? `${line.slice(0, SHOWN).replace(HALF_PAIR, "")}…` : line;
}

/** A name that the server gives to somebody, when it is one word that can be printed and kept as it is. */
export function serverName(name: unknown): string | undefined {
  return typeof name === "string" && /^[^\s\p{C}]{1,320}$/u.test(name) ? name : undefined;
}
