import { typed } from "../token/command/command.ts";
import { withCommands } from "../token/command/sentence.ts";
import { VouchError } from "../token/errors/errors.ts";
import { nearestWord } from "./nearest-word.ts";

/** Options that may be given several times. */
const LISTS = ["via", "regions", "tag"];

/** What yargs says, and how we say it. Source: yargs 18, locales/en.json. */
const OUR_WORDS: readonly [RegExp, string][] = [
  [/^Invalid values: /, ""],
  [/^Not enough arguments following: (\w)$/, "-$1 needs a value."],
  [/^Not enough arguments following: (.+)$/, "--$1 needs a value."],
  [/^Missing required argument: (.+)$/, "--$1 is required."],
  [/^Arguments (\S+) and (\S+) are mutually exclusive$/, "--$1 and --$2 exclude each other."],
];

/** `Argument: output, Given: "x", Choices: "json", "text"`, one or several. */
function withChoices(said: string): string {
  const [before = "", ...refused] = said.split("Argument: ");
  const sentences = refused.map((text) => {
    const [name = "", given = "", choices = ""] = text.trim().split(/, (?:Given|Choices): /);
    return `--${name} was given ${given}, and takes ${choices}.`;
  });
  return before + sentences.join(" ");
}

/**
 * A command line that yargs refused, with the word that was probably meant. A word too many is not repeated: it may be a
 * PIN or a token.
 */
export function usageError(
  message: string,
  { args, help }: { readonly args: readonly string[]; readonly help: string },
): VouchError {
  const said = message.replaceAll(/\s+/g, " ").trim();
  const command = /^(.*?)(?: [<[]|$)/m.exec(help)?.[1] ?? "";
  const seeHelp = withCommands`${typed([...command.split(" "), "--help"])} shows what is accepted.`;
  const unknown = /^Unknown arguments?: (.+)$/.exec(said)?.[1]?.split(", ")[0];
  if (unknown === undefined) {
    const words = OUR_WORDS.reduce((text, [theirs, ours]) => text.replace(theirs, ours), withChoices(said));
    return new VouchError("usage", words, { hint: seeHelp });
  }
  const { what, meant } = judgeUnknown(unknown, { args, help, command });
  return new VouchError("usage", what, {
    // One of the words of our own help.
    hint: meant === undefined ? seeHelp : `Did you mean \`${meant}\`? ${seeHelp}`,
  });
}

function judgeUnknown(
  word: string,
  {
    args,
    help,
    command,
  }: { readonly args: readonly string[]; readonly help: string; readonly command: string },
): { readonly what: string; readonly meant: string | undefined } {
  const option = args.find((arg) => arg.startsWith("-") && arg.replace(/^-+/, "").split("=", 1)[0] === word);
  if (option !== undefined) {
    const options = [...help.matchAll(/--([a-z][a-z-]+)/g)].map(([, name = ""]) => name);
    const nearest = nearestWord(word.replace(/^no-/, ""), [...new Set(options)]);
    const [given = option] = option.split("=", 1);
    return {
      what: `${command} has no option ${given}.`,
      meant: nearest === undefined ? undefined : `--${nearest}`,
    };
  }
  const commands = help
    .split("\n")
    .filter((line) => line.startsWith(`  ${command} `))
    .map((line) => line.slice(command.length + 3).split(" ", 1)[0] ?? "");
  if (!help.includes("\nCommands:\n")) return { what: `${command}: unexpected argument.`, meant: undefined };
  return { what: `${command} has no command ${word}.`, meant: nearestWord(word, commands) };
}

/** Refuses an option that is given twice, where only one value counts, or given without any text. */
export function rejectUnknownValues(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (name === "_" || name === "--" || /[A-Z]/.test(name)) continue;
    const values = Array.isArray(value) ? value : [value];
    const option = name.length === 1 ? `-${name}` : `--${name}`;
    if (values.length > 1 && !LISTS.includes(name))
      throw new VouchError("usage", `${option} was given ${values.length} times.`, { hint: "Give it once." });
    if (values.includes(""))
      throw new VouchError("usage", `${option} was given an empty value.`, {
        hint: "Leave the option out, or give it a value.",
      });
  }
}
