import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import type { CommandLine, Flag } from "./command-line.ts";
import { commandMeant, otherOption, valueMeant } from "./meant-command.ts";
import { nearestWord } from "./nearest-word.ts";
import type { TypedLine } from "./words.ts";

/** The error for a command line that is not accepted, and where to look. */
export function refusal(message: string, line: TypedLine, hint = ""): VouchError {
  return new VouchError("usage", message, { hint: hint + seeHelp(line) });
}

function seeHelp({ program, path }: TypedLine): string {
  return withCommands`See ${typed([...program.split(" "), ...path, "--help"])}.`;
}

/** Refuses a switch with an odd value, which is not shown, as it may be a PIN. Throws `usage`. */
export function refuseOddSwitch(line: TypedLine): void {
  if (line.oddSwitch !== undefined) throw refusal(`${line.oddSwitch} must be true or false.`, line);
}

/** Refuses words after `--` for a command that runs no other program. Throws `usage`. */
export function refuseWordsBehindDashes(line: TypedLine): void {
  const [, word] = line.words.slice(line.words.indexOf("--"));
  if (line.words.includes("--") && word !== undefined) throw unexpectedWord([word], line);
}

/** For a group without the command that the first of these words names. */
export function unknownCommand(
  words: readonly [string, ...string[]],
  group: CommandLine,
  line: TypedLine,
): VouchError {
  const [word] = words;
  const near = nearestWord(
    word,
    group.commands.map(({ name }) => name),
  );
  const shown = isNearSecrets(line) ? "" : ` ${maskText(word)}`;
  const hint =
    commandMeant(words, group, line) || (near === undefined ? valueOfEks(word, line) : didYouMean(near));
  return refusal(`${commandOf(line)}: unknown command${shown}.`, line, hint);
}

/** `setup lab` is `setup eks --cluster lab`. */
function valueOfEks(word: string, line: TypedLine): string {
  const path = [...line.path, "eks"];
  return valueMeant([word], { ...line, path, words: [...path, ...line.words.slice(line.path.length)] });
}

/** Longer than any name of an option, in characters. */
const LONGEST_NAME = 40;

/** For an option that the command does not have, as it was typed, without its value, which may be secret. */
export function unknownOption(option: string, command: CommandLine, line: TypedLine): VouchError {
  // What is glued to a short option may be a PIN.
  const shown = /^-[^-]/.test(option) ? option.slice(0, 2) : option;
  const isSecret = /^-*\d+$/.test(shown) || shown.length > LONGEST_NAME || maskText(shown) !== shown;
  return refusal(
    `${commandOf(line)}: unknown option${isSecret ? "" : ` ${shown}`}.`,
    line,
    didYouMean(optionMeant(option, command)),
  );
}

/** The option or the command that was probably meant by an unknown option. */
export function optionMeant(option: string, { flags, commands }: CommandLine): string | undefined {
  const names = flags.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
  const word = option.replace(/^-+(?:no-)?/, "");
  const other = otherOption(option.replace(/^-+/, ""), names) ?? nearestWord(word, names);
  if (other !== undefined) return `--${other}${["json", "yaml"].includes(word) ? ` ${word}` : ""}`;
  return nearestWord(
    word,
    commands.map(({ name }) => name),
  );
}

/** One of our own words. */
function didYouMean(near: string | undefined): string {
  return near === undefined ? "" : `Did you mean \`${near}\`? `;
}

function commandOf({ program, path }: TypedLine): string {
  return [program, ...path].join(" ");
}

/** Commands after which a PIN or a token may be typed by mistake: such a word is not shown again. */
const NEAR_SECRETS = ["login", "token", "keys", "enroll"];

function isNearSecrets({ path }: TypedLine): boolean {
  return NEAR_SECRETS.includes(path[0] ?? "");
}

/** Options of the doctor whose value has spaces. */
const TEXTS = ["--for", "--error"];

function quoteText({ path, words }: TypedLine): string {
  const option = path[0] === "doctor" ? TEXTS.find((one) => words.includes(one)) : undefined;
  return option === undefined ? "" : `Put the text after ${option} in quotes. `;
}

function repeatFiles({ path, words }: TypedLine): string {
  const isGiven = path[0] === "doctor" && words.includes("--evidence");
  return isGiven ? "Repeat --evidence for each file, or name their folder. " : "";
}

/** For a word that the command does not accept. */
export function unexpectedWord(
  [word, ...more]: readonly [string, ...string[]],
  line: TypedLine,
  flags: readonly Flag[] = [],
): VouchError {
  const { program, path, words } = line;
  const option = more.length > 0 ? undefined : flags.find(({ name }) => name === word)?.name;
  const shown = isNearSecrets(line) ? "" : ` "${maskText(word)}"`;
  // The arguments of an arbitrary program may be secret; those of kubectl are known.
  const command = path[0] === "exec" ? ["COMMAND"] : maskArguments(words.slice(words.indexOf(word)));
  const again = typed([...program.split(" "), path[0] ?? "", "--", ...command]);
  const behind = ["doctor", "exec"].includes(path[0] ?? "")
    ? withCommands`The command to run goes after --: ${again}. `
    : "";
  return refusal(
    `${commandOf(line)}: unexpected argument${shown}.`,
    line,
    option === undefined
      ? valueMeant([word, ...more], line) || quoteText(line) || repeatFiles(line) || behind
      : didYouMean(`--${option}`),
  );
}
