/** How much of a server's message we show, in characters. */
const SHOWN = 200;

/** Control characters, characters that hide text or are themselves invisible, and those that change the writing direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/** Half of a character that was cut in two. */
const HALF_PAIR = /[\ud800-\udbff]$/;

/** Such a run of characters may be a token or an assertion that the server repeats. */
const SECRET_LIKE = /[\w+/=.~-]{40,}/g;

/**
 * A server's message, safe to print on a terminal: one line, short, without escape sequences and without anything that looks like
 * a credential. Undefined if nothing is left.
 */
export function serverText(text: string | undefined): string | undefined {
  return shortLine((text ?? "").replaceAll(UNPRINTABLE, " ").replaceAll(SECRET_LIKE, "…"));
}

/**
 * A name from the server that its users chose, such as that of an account, safe to print on a terminal: one line, short, without
 * escape sequences. Undefined if nothing is left.
 */
export function serverLabel(text: string | undefined): string | undefined {
  return shortLine((text ?? "").replaceAll(UNPRINTABLE, " "));
}

function shortLine(text: string): string | undefined {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line === "") return undefined;
  return line.length > SHOWN ? `${line.slice(0, SHOWN).replace(HALF_PAIR, "")}…` : line;
}

/** A date, or a text that is too short for a secret. */
const HARMLESS = /^(?:[\dTZ :.+-]{1,40}|.{0,12})$/;

/** A value of the wrong form, for an error: what it is, and itself only if it cannot be a secret. */
export function serverValue(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value ?? "none");
  return HARMLESS.test(value) ? `"${serverText(value) ?? ""}"` : `a text of ${value.length} characters`;
}

/** A name from the server, if it is a single word that can be printed and kept unchanged. */
export function serverName(name: unknown): string | undefined {
  return typeof name === "string" && /^[^\s\p{C}]{1,320}$/u.test(name) ? name : undefined;
}
