/**
 * Text for `man`: the part of man(7) that groff and mandoc read alike. Only plain ASCII, and every character stands for itself,
 * so that a hyphen can be copied as one.
 */

/** Characters that roff would interpret, or print as typographic variants. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
  '"': "\\(dq",
  "…": "...",
};

/**
 * A text of one line, literally.
 *
 * @throws Error when it has a line break, or a character that is neither in ASCII nor in the table above.
 */
export function plain(text: string): string {
  if (!/^[\x20-\x7e…]*$/.test(text))
    throw new Error(`the manual page cannot represent ${JSON.stringify(text)}`);
  return text.replaceAll(/[-\\'`^~"…]/g, (letter) => ESCAPES[letter] ?? letter);
}

export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

/** A word that readers replace with a value of their own. */
export function placeholder(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** Prose with `code` between backticks. */
export function prose(text: string): string {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 0 ? plain(part) : bold(part)))
    .join("");
}

/** A line of text. One that begins with a dot would be a request. */
export function line(roff: string): string {
  return roff.startsWith(".") ? `\\&${roff}` : roff;
}

export function section(title: string): string {
  return `.SH "${plain(title)}"`;
}

export function subsection(title: string): string {
  return `.SS "${plain(title)}"`;
}

/** A term, and below it what it means. */
export function entry(term: string, ...meaning: readonly string[]): string[] {
  return [".TP", line(term), ...meaning.map(line)];
}

/** Lines to copy, each literally, however long. */
export function verbatim(lines: readonly string[]): string[] {
  return [".PP", ".RS 4", ".nf", ...lines.map((text) => line(plain(text))), ".fi", ".RE"];
}

export function paragraph(...lines: readonly string[]): string[] {
  return [".PP", ...lines.map(line)];
}
