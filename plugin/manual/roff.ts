/**
 * Text for `man`: man(7) in the few words that groff and mandoc read alike. Only plain ASCII, and every character stands for
 * itself: a hyphen can be copied as one.
 */

/** Characters that roff would take for its own, or print as their typographic kin. */
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
 * A text of one line, as it stands.
 *
 * @throws Error when it holds a line break or what neither ASCII nor the table above has.
 */
export function plain(text: string): string {
  if (!/^[\x20-\x7e…]*$/.test(text)) throw new Error(`the manual page cannot say ${JSON.stringify(text)}`);
  return text.replaceAll(/[-\\'`^~"…]/g, (letter) => ESCAPES[letter] ?? letter);
}

export function bold(text: string): string {
  return `\\fB${plain(text)}\\fR`;
}

/** What a reader puts a value of her own in place of. */
export function placeholder(text: string): string {
  return `\\fI${plain(text)}\\fR`;
}

/** Prose in which `code` stands between backticks. */
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

/** Lines to copy, each as it stands, however long. */
export function verbatim(lines: readonly string[]): string[] {
  return [".PP", ".RS 4", ".nf", ...lines.map((text) => line(plain(text))), ".fi", ".RE"];
}

export function paragraph(...lines: readonly string[]): string[] {
  return [".PP", ...lines.map(line)];
}
