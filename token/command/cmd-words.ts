import { escaped, UnprintableCommand, type Word } from "./run-words.ts";

/**
 * A word for the prompt of cmd.exe, which a program then reads by the rules of C. At a prompt `%` cannot be escaped. A quote that
 * the program is to get ends cmd.exe's own, so it must come in pairs, and without a character that cmd.exe interprets.
 *
 * Source: "Parsing C++ command-line arguments"; `cmd /?`.
 *
 * @throws UnprintableCommand
 */
export function cmdWord(word: Word): string {
  if (typeof word !== "string") return `"%USERPROFILE%\\${unquoted(word.underHome).replaceAll("/", "\\")}"`;
  if (/^(?:[\w@+:.\\-][\w@+=:./\\-]*|\/[a-z])$/.test(word) && !/^\w:\S*\//.test(word)) return word;
  requireNoExpansion(word);
  const quotes = word.split('"').length - 1;
  if (quotes % 2 === 1 || (quotes > 0 && /[&|<>^]/.test(word)))
    throw new UnprintableCommand(`cmd.exe would interpret special characters in ${escaped(word)}`);
  return quotedForC(word, '\\"');
}

/**
 * A path for cmd.exe's own commands. They split words at `=`, `,` and `;`, and read what follows a `/` as a switch.
 *
 * @throws UnprintableCommand
 */
export function cmdPath(word: Word): string {
  return typeof word === "string" ? quotedForC(unquoted(word.replaceAll("/", "\\")), "") : cmdWord(word);
}

/** A word between quotes; backslashes before a quote are doubled, and `quote` is one that belongs to the word. */
export function quotedForC(word: string, quote: string): string {
  return `"${word.split('"').map(lastBackslashesDoubled).join(quote)}"`;
}

function lastBackslashesDoubled(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\\") end -= 1;
  return text + text.slice(end);
}

/** A text that is put between quotes as it is. */
export function unquoted(text: string): string {
  requireNoExpansion(text);
  if (text.includes('"')) throw new UnprintableCommand(`cmd.exe cannot quote ${escaped(text)}`);
  return text;
}

function requireNoExpansion(text: string): void {
  if (text.includes("%"))
    throw new UnprintableCommand(`cmd.exe would expand % in ${escaped(text)}; PowerShell does not`);
}

/** The program's word: a plain name, or a path. A name of cmd.exe's own commands would run that one, as would `del+x`. */
export function cmdProgram(word: Word): string {
  if (typeof word !== "string") return cmdWord(word);
  if (/[/\\]/.test(word)) return `"${unquoted(word.replaceAll("/", "\\"))}"`;
  const [name = ""] = word.toLowerCase().split(/[.+]/, 1);
  if (/^[A-Za-z0-9][\w.+-]*$/.test(word) && !CMD_COMMANDS.has(name)) return word;
  throw new UnprintableCommand(`${escaped(word)} is not a program name that cmd.exe can run`);
}

/** Source: `help` of cmd.exe. */
const CMD_COMMANDS: ReadonlySet<string> = new Set(
  [
    "assoc break call cd chdir cls color copy date del dir echo endlocal erase exit for ftype goto if keys md mkdir",
    "mklink move path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift start time title type ver",
    "verify vol",
  ].flatMap((line) => line.split(" ")),
);
