import { typed } from "../../token/command/command.ts";
import { withCommands } from "../../token/command/sentence.ts";
import { VouchError } from "../../token/errors/errors.ts";
import { maskArguments } from "../../token/masking/mask-arguments.ts";
import { maskText } from "../../token/masking/mask-text.ts";
import { nearestWord } from "../nearest-word.ts";
import type { ArrangedWords } from "./arranged-words.ts";
import type { CommandLine } from "./command-line.ts";

/** A command line, and how the person calls us: `kubectl vouch`. */
export interface TypedLine extends ArrangedWords {
  readonly program: string;
}

/** The error for a command line that is not accepted, and where to look. */
export function refusal(message: string, line: TypedLine, hint = ""): VouchError {
  return new VouchError("usage", message, { hint: hint + seeHelp(line) });
}

function seeHelp({ program, path }: TypedLine): string {
  return withCommands`${typed([...program.split(" "), ...path, "--help"])} shows what is accepted.`;
}

/** Refuses a switch with an odd value, which is not shown, as it may be a PIN. Throws `usage`. */
export function refuseOddSwitch(line: TypedLine): void {
  if (line.oddSwitch !== undefined) throw refusal(`${line.oddSwitch} takes true or false.`, line);
}

/** Refuses words after `--` for a command that runs no other program. Throws `usage`. */
export function refuseWordsBehindDashes(line: TypedLine): void {
  const [, word] = line.words.slice(line.words.indexOf("--"));
  if (line.words.includes("--") && word !== undefined) throw unexpectedWord(word, line);
}

/** For a group that has no such command. */
export function unknownCommand(word: string, { commands }: CommandLine, line: TypedLine): VouchError {
  const near = nearestWord(
    word,
    commands.map(({ name }) => name),
  );
  const shown = isNearSecrets(line) ? "such command" : `command ${maskText(word)}`;
  return refusal(`${commandOf(line)} has no ${shown}.`, line, didYouMean(near));
}

/** Longer than any name of an option, in characters. */
const LONGEST_NAME = 40;

/** For an option that the command does not have, as it was typed, without its value, which may be secret. */
export function unknownOption(option: string, { flags }: CommandLine, line: TypedLine): VouchError {
  const names = flags.filter(({ isHidden }) => !isHidden).map(({ name }) => name);
  const near = nearestWord(option.replace(/^-+(?:no-)?/, ""), names);
  // What is glued to a short option may be a PIN.
  const shown = /^-[^-]/.test(option) ? option.slice(0, 2) : option;
  const isSecret = /^-*\d+$/.test(shown) || shown.length > LONGEST_NAME || maskText(shown) !== shown;
  return refusal(
    `${commandOf(line)} has no ${isSecret ? "such option" : `option ${shown}`}.`,
    line,
    didYouMean(near === undefined ? undefined : `--${near}`),
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

/** For a word that the command does not take. */
export function unexpectedWord(word: string, line: TypedLine): VouchError {
  const { program, path, words } = line;
  const shown = isNearSecrets(line) ? "" : ` "${maskText(word)}"`;
  // The arguments of an arbitrary program may be secret; those of kubectl are known.
  const command = path[0] === "exec" ? ["COMMAND"] : maskArguments(words.slice(words.indexOf(word)));
  const again = typed([...program.split(" "), path[0] ?? "", "--", ...command]);
  const behind = ["doctor", "exec"].includes(path[0] ?? "")
    ? withCommands`A command to run goes after --: ${again}. `
    : "";
  return refusal(`${commandOf(line)}: unexpected argument${shown}.`, line, behind);
}
