import { escaped, UnprintableCommand } from "./unprintable.ts";
import type { Word } from "./word.ts";

/** The program's word. In Windows PowerShell, plain `curl` is another command; a quoted program needs the call operator. */
export function powershellProgram(word: Word): string {
  if (word === "curl") return "curl.exe";
  if (typeof word !== "string") return `& ${powershellWord(word)}`;
  const isPlain = /^[A-Za-z][\w.-]*$/.test(word) && !RESERVED.has(word.toLowerCase());
  return isPlain ? word : `& ${powershellQuoted(word)}`;
}

/** Source: about_Reserved_Words in PowerShell's documentation. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    "begin break catch class configuration continue data define do dynamicparam else elseif end enum exit filter finally",
    "for foreach from function hidden if in param process return static switch throw trap try until using var while",
  ].flatMap((line) => line.split(" ")),
);

/**
 * A word that PowerShell passes to a program unchanged. A comma makes a list, `@`, `=` and `:` have special meanings, a number
 * may be rewritten, and a word that begins with `-` is cut at a dot or colon.
 *
 * @throws UnprintableCommand
 */
export function powershellWord(word: Word): string {
  if (typeof word !== "string") return `(Join-Path $HOME ${powershellQuoted(word.underHome)})`;
  if (/^(?:--?[A-Za-z][A-Za-z-]*|[A-Za-z_/\\][\w+:./\\-]*)$/.test(word)) return word;
  if (word.endsWith("\\") && /\s/.test(word)) {
    throw new UnprintableCommand(
      `Windows PowerShell would read the last backslash of ${escaped(word)} as an escape for its closing quote`,
    );
  }
  return word === "" || word.includes('"') ? forEachVersion(word) : powershellQuoted(word);
}

/**
 * On Windows, pip's `aws` is a batch file, for which cmd.exe parses the words once more.
 *
 * @throws UnprintableCommand
 */
export function requireBatchSafe([program, ...words]: readonly Word[]): void {
  const sign = words.find((word) => typeof word === "string" && /[&|<>^%]/.test(word));
  if (program !== "aws" || typeof sign !== "string") return;
  throw new UnprintableCommand(
    `if aws is a batch file, cmd.exe would interpret special characters in ${escaped(sign)}`,
  );
}

/** PowerShell accepts typographic quotes as single quotes; a doubled one stands for itself. */
export function powershellQuoted(word: string): string {
  return `'${word.replaceAll(/['\u2018-\u201B]/g, (quote) => quote + quote)}'`;
}

/**
 * Before 7.3, PowerShell passes double quotes and empty words to a program without escaping them, so that they are lost; since
 * then it escapes them. The expression gives each version what it needs.
 *
 * Source: about_Parsing in PowerShell's documentation, on `$PSNativeCommandArgumentPassing`; "Parsing C++ command-line
 * arguments" for backslashes before a quote.
 */
function forEachVersion(word: string): string {
  const [pattern, old] = word === "" ? ["^$", `'""'`] : ['(\\\\*)"', `'$1$1\\"'`];
  const now = word === "" ? "''" : `'$1"'`;
  return `(${powershellQuoted(word)} -replace '${pattern}', $(if ($PSVersionTable.PSVersion -lt '7.3') { ${old} } else { ${now} }))`;
}
