import { cmdPath, cmdProgram, cmdWord, unquoted } from "./cmd-words.ts";
import type { Command, Run } from "./command.ts";
import { escaped, isPlain, requirePrintable, runWords, UnprintableCommand, type Word } from "./run-words.ts";
import { onWindows, runsOf } from "./tasks.ts";

/** Shells that commands are written for; `bash` stands for the whole POSIX family. */
export const SHELLS = ["bash", "fish", "powershell", "cmd"] as const;
export type Shell = (typeof SHELLS)[number];

/** The most likely shell, if the system does not tell which one it is. What is written for it does no harm in the others. */
interface ShellGuess {
  readonly guess: Shell;
  /** The option that specifies the shell. */
  readonly option?: string;
}

export type ShellOrGuess = Shell | ShellGuess;

/** A line to paste, or why there is none. */
export type RenderedCommand = { readonly line: string } | { readonly unprintable: string };

/** Writes a command for a shell, so that each program gets exactly the intended words. */
export function renderCommand(command: Command, shell: ShellOrGuess): RenderedCommand {
  try {
    const line =
      typeof shell === "string" ? commandLine(command, shell) : commandLine(command, shell.guess, shell);
    return { line };
  } catch (error) {
    if (error instanceof UnprintableCommand) return { unprintable: error.message };
    throw error;
  }
}

function commandLine(command: Command, shell: Shell, guess?: ShellGuess): string {
  if (shell === "cmd" && runsOf(command).some((run) => onWindows(run, shell) === undefined)) {
    // For its checks.
    commandLine(command, "powershell", guess);
    return `powershell -Command "${unquoted(commandLine(command, "powershell"))}"`;
  }
  switch (command.kind) {
    case "run":
      return runLine(command, shell, guess);
    case "pipe":
      return command.runs.map((run) => commandLine(run, shell, guess)).join(" | ");
    case "write-file": {
      requirePrintable(command.file);
      const from = commandLine(command.run, shell, guess);
      if (guess !== undefined) requireAlike(command.file, guess);
      // `>` of Windows PowerShell writes UTF-16, which kubectl reads and we do not.
      return shell === "powershell"
        ? `${from} | Set-Content -Encoding utf8 -LiteralPath ${powershellQuoted(command.file)}`
        : `${from} > ${pathFor(shell, guess)(command.file)}`;
    }
    case "set-variable":
      if (guess !== undefined && command.value !== "") requireAlike(command.value, guess);
      return setVariable(command.name, command.value, shell);
    case "unset-variables":
      return unsetVariables(command.names, shell);
  }
}

function runLine(run: Run, shell: Shell, guess?: ShellGuess): string {
  const isWindows = shell === "powershell" || shell === "cmd";
  const words = runWords((isWindows && onWindows(run, shell)) || run);
  if (isWindows) requireBatchSafe(words);
  const [first = "", ...rest] = words;
  if (run.onWindows === undefined) {
    if (guess !== undefined) requireProgramAlike(first, guess);
    return [PROGRAMS[shell](first), ...rest.map(wordFor(shell, guess))].join(" ");
  }
  const fixed = rest.length - run.operands.length;
  return [
    shell === "cmd" ? first : PROGRAMS[shell](first),
    ...rest.slice(0, fixed).map(WORDS[shell]),
    ...rest.slice(fixed).map(pathFor(shell, guess)),
  ].join(" ");
}

type Writer = (word: Word) => string;

const WORDS: Readonly<Record<Shell, Writer>> = {
  bash: posixWord,
  fish: posixWord,
  powershell: powershellWord,
  cmd: cmdWord,
};

const PROGRAMS: Readonly<Record<Shell, Writer>> = {
  bash: posixProgram,
  fish: posixProgram,
  powershell: powershellProgram,
  cmd: cmdProgram,
};

function pathFor(shell: Shell, guess?: ShellGuess): Writer {
  return wordFor(shell, guess, shell === "cmd" ? cmdPath : WORDS[shell]);
}

/** What writes words for a shell. Those for a guess are the same to all shells of Windows: plain, or between double quotes. */
function wordFor(shell: Shell, guess?: ShellGuess, write = WORDS[shell]): Writer {
  if (guess === undefined) return write;
  return (word) => {
    requireAlike(word, guess);
    if (typeof word !== "string" || write === cmdPath) return write(word);
    const needsNoQuotes = Object.values(WORDS).every((written) => written(word) === word);
    return needsNoQuotes ? word : `"${word}"`;
  };
}

/**
 * Between double quotes, cmd.exe expands `%`, PowerShell `$` and a backtick, bash also `!`; a quote ends them, and bash drops a
 * backslash before another or before the last quote. Cmdlets and cmd.exe's commands expand `*`, `?` and brackets. A path in the
 * home folder is not between double quotes in every shell, so that a blank would split it.
 *
 * @throws UnprintableCommand
 */
function requireAlike(word: Word, { option }: ShellGuess): void {
  const text = typeof word === "string" ? word : word.underHome;
  const isAlike = /^[\p{L}\p{N} _@+=:,./\\~#(){}-]+$/u.test(text) && !/\\(?:\\|$)/.test(text);
  if (isAlike && (typeof word === "string" || !text.includes(" "))) return;
  throw new UnprintableCommand(
    `cmd.exe, PowerShell and bash interpret ${escaped(text)} differently${option === undefined ? "" : ` (specify your shell with ${option})`}`,
  );
}

/** In each of the shells, the word runs the same program or none. */
function requireProgramAlike(word: Word, guess: ShellGuess): void {
  requireAlike(word, guess);
  posixProgram(word);
  cmdProgram(word);
}

function setVariable(name: string, value: string, shell: Shell): string {
  requireName(name);
  requirePrintable(value);
  if (shell === "powershell") return `$env:${name} = ${powershellQuoted(value)}`;
  if (shell === "cmd") return `set "${name}=${unquoted(value)}"`;
  return shell === "fish" ? `set -gx ${name} ${posixWord(value)}` : `export ${name}=${posixWord(value)}`;
}

function unsetVariables(names: readonly string[], shell: Shell): string {
  for (const name of names) requireName(name);
  switch (shell) {
    case "powershell":
      return `Remove-Item ${names.map((name) => powershellQuoted(`Env:${name}`)).join(", ")}`;
    case "cmd":
      return names.map((name) => `set "${name}="`).join(" & ");
    case "fish":
      return `set -e ${names.join(" ")}`;
    case "bash":
      return `unset ${names.join(" ")}`;
  }
}

/** An environment can have variables with other names, which no shell can write. */
function requireName(name: string): void {
  requirePrintable(name);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    throw new UnprintableCommand(`${JSON.stringify(name)} is not a valid variable name in a shell`);
  }
}

/**
 * A word that bash, dash, zsh and fish all pass on unchanged. Between single quotes, fish reads a backslash before another
 * backslash or before the closing quote as an escape; such a backslash is put outside the quotes.
 */
export function posixWord(word: Word): string {
  if (typeof word !== "string") return `~/${posixWord(word.underHome)}`;
  if (isPlain(word)) return word;
  if (word === "") return "''";
  return word.replaceAll(/(?:[^'\\]|\\(?=[^'\\]))+|['\\]/g, (piece) =>
    /^['\\]$/.test(piece) ? `\\${piece}` : `'${piece}'`,
  );
}

/**
 * The program's word: a plain name, or a path. Quotes do not help with others: fish still interprets a quoted `!`, bash a quoted
 * `%1` as a job, and zsh a quoted `-` as a prefix.
 *
 * @throws UnprintableCommand
 */
export function posixProgram(word: Word): string {
  if (typeof word !== "string" || /^[^%+-].*[/\\]/.test(word)) return posixWord(word);
  if (/^[A-Za-z0-9][\w.+-]*$/.test(word) && !POSIX_RESERVED.has(word)) return word;
  throw new UnprintableCommand(`${escaped(word)} is not a program name that every shell can run`);
}

/** Source: POSIX.1-2024, 2.4 and 2.15; the manuals of bash, zsh and fish. */
const POSIX_RESERVED: ReadonlySet<string> = new Set(
  [
    "case do done elif else esac fi for if in then until while function select time coproc",
    "repeat foreach end nocorrect noglob begin switch and or not builtin command exec eval source",
  ].flatMap((line) => line.split(" ")),
);

/** The program's word. In Windows PowerShell, plain `curl` is another command; a quoted program needs the call operator. */
export function powershellProgram(word: Word): string {
  if (word === "curl") return "curl.exe";
  if (typeof word !== "string") return `& ${powershellWord(word)}`;
  const isPlain = /^[A-Za-z][\w.-]*$/.test(word) && !POWERSHELL_RESERVED.has(word.toLowerCase());
  return isPlain ? word : `& ${powershellQuoted(word)}`;
}

/** Source: about_Reserved_Words in PowerShell's documentation. */
const POWERSHELL_RESERVED: ReadonlySet<string> = new Set(
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
  if (/^(?:--?[A-Za-z][A-Za-z-]*|--[A-Za-z-]+=[A-Za-z][\w/-]*|[A-Za-z_/\\][\w+:./\\-]*)$/.test(word))
    return word;
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
function requireBatchSafe([program, ...words]: readonly Word[]): void {
  const sign = words.find((word) => typeof word === "string" && /[&|<>^%]/.test(word));
  if (program !== "aws" || typeof sign !== "string") return;
  throw new UnprintableCommand(
    `if aws is a batch file, cmd.exe would interpret special characters in ${escaped(sign)}`,
  );
}

/** PowerShell accepts typographic quotes as single quotes; a doubled one stands for itself. */
function powershellQuoted(word: string): string {
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
