import { ownValue } from "../record.ts";
import { isPrintable, shown } from "../text/printable.ts";
import type { OptionValue, Run, Value } from "./command.ts";

/**
 * The words that a program is to get, its own name first.
 *
 * A value never becomes an option: if one begins with `-`, it is joined to a long option with `=`, and to a short one directly;
 * values without a name are then preceded by `--`.
 *
 * @throws UnprintableCommand if the program would misread a value, or a terminal would not show it.
 */
export function runWords(run: Run): Word[] {
  const { program, verb, options, operands } = run;
  const values = operands.map((value) => valueWord(run, value));
  const likeOption = values.find((value) => typeof value === "string" && looksLikeOption(program, value));
  if (likeOption !== undefined && !endsOptions(run)) {
    throw new UnprintableCommand(`${program} would interpret ${escaped(String(likeOption))} as an option`);
  }
  const named = Object.entries(options).flatMap(([name, value]) => optionWords(run, name, value));
  const words: Word[] = [
    program,
    ...(program === "curl" && values.some(isCurlPattern) ? ["-g"] : []),
    ...verb,
    ...(likeOption === undefined ? [...values, ...named] : [...named, "--", ...values]),
  ];
  for (const word of words) requirePrintable(typeof word === "string" ? word : word.underHome);
  return words;
}

/** To vi, a word that begins with `+` is a command. */
function looksLikeOption(program: string, value: string): boolean {
  return value.startsWith("-") || (program === "vi" && value.startsWith("+"));
}

/** `kubectl create` does not accept its name after `--` (tried with 1.28 and 1.36). */
function endsOptions({ program, verb: [first] }: Run): boolean {
  return ENDS_OPTIONS.has(program) && !(program === "kubectl" && first === "create");
}

/**
 * Programs for which `--` ends the options wherever it stands. Not chmod: on macOS it takes a `--` after its mode for a file.
 * Source: pflag; POSIX, utility syntax guidelines 9 and 10.
 */
const ENDS_OPTIONS: ReadonlySet<string> = new Set(["kubectl", "cat", "cp", "mv", "rm"]);

/** A pattern for several addresses to curl without `-g`. Source: curl's manual, "globbing". */
function isCurlPattern(value: Word): boolean {
  return typeof value === "string" && /[[\]{}]/.test(value);
}

function optionWords(run: Run, name: string, value: OptionValue | undefined): Word[] {
  if (value === undefined) return [];
  const flag = name.length === 1 ? `-${name}` : `--${name}`;
  if (value === true) return [flag];
  if (!isList(value)) return namedValue(run, flag, valueWord(run, value, name));
  if (value.length === 0) return [];
  return run.program === "aws"
    ? [flag, ...awsList(value)]
    : value.flatMap((item) => namedValue(run, flag, item));
}

function isList(value: OptionValue): value is readonly string[] {
  return Array.isArray(value);
}

function namedValue(run: Run, flag: string, value: Word): Word[] {
  if (typeof value !== "string") return [flag, value];
  if (run.program === "aws" && value === "--") {
    // Source: argparse, `_get_values`; measured, also with the value joined by `=`.
    throw new UnprintableCommand(`the AWS CLI would drop "--" as the value of ${flag}`);
  }
  const isLong = flag.startsWith("--");
  const isJoined = value.startsWith("-") || (isKubectlsOwn(run) && isPlain(value));
  if (isLong && isJoined) return [`${flag}=${value}`];
  return value.startsWith("-") ? [`${flag}${value}`] : [flag, value];
}

/** kubectl's help joins long options with `=`, if that reads well; no other program's does. */
function isKubectlsOwn({ program, verb: [first] }: Run): boolean {
  return program === "kubectl" && first !== "vouch";
}

/** Several values of one option, as JSON if one of them could be misread. Source: AWS CLI, argprocess.py. */
function awsList(values: readonly string[]): string[] {
  return values.every((value) => /^[^-[{\s]/.test(value) && !AWS_FETCHES.test(value))
    ? [...values]
    : [JSON.stringify(values)];
}

/** Values that the AWS CLI replaces by a file or a page. Source: AWS CLI, paramfile.py (web addresses: version 1 only). */
const AWS_FETCHES = /^(?:fileb?|https?):\/\//;

/** Values that a program replaces by what it reads. Source: kingpin v2, whose parser expands `@FILE`, for the others. */
const FETCHES: Readonly<Record<string, RegExp | undefined>> = {
  aws: AWS_FETCHES,
  "aws-vault": /^@/,
  saml2aws: /^@/,
};

/** The AWS CLI takes every `url` literally. */
function valueWord({ program }: Run, value: Value, option?: string): Word {
  if (typeof value !== "string") return "contentOf" in value ? `file://${value.contentOf}` : value;
  if (option !== "url" && ownValue(FETCHES, program)?.test(value) === true) {
    throw new UnprintableCommand(
      `${program} would read the contents of ${escaped(value)} instead of using the value itself`,
    );
  }
  return value;
}

/** A word exactly as a program is to receive it, or a path in the home folder that the shell completes. */
export type Word = string | { readonly underHome: string };

/**
 * Whether every shell of the family leaves the word unchanged. zsh looks up a program after a `=` that begins a word; when it
 * exports a variable, and everywhere with MAGIC_EQUAL_SUBST, also after `:=` and `==`.
 */
export function isPlain(word: string): boolean {
  return /^[\w@+:,./-][\w@%+=:,./-]*$/.test(word) && !/[:=]=/.test(word);
}

/** Why a command cannot be printed: the message names the value, escaped, and what is wrong with it. */
export class UnprintableCommand extends Error {
  override readonly name = "UnprintableCommand";
}

/** A text as a JSON string in which every character can be seen. */
export function escaped(text: string): string {
  return shown(JSON.stringify(text));
}

/** @throws UnprintableCommand */
export function requirePrintable(text: string): void {
  if (isPrintable(text)) return;
  throw new UnprintableCommand(`${escaped(text)} contains characters that a terminal does not display`);
}
