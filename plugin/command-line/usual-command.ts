import { type ArrangedWords, arrangeWords } from "./arranged-words.ts";
import type { CommandLine } from "./command-line.ts";

/** Groups of commands with a default command. */
const USUAL_COMMAND: Readonly<Record<string, string>> = { keys: "list" };

const HELP = ["--help", "-h", "help", "--version"];

/** The arranged words, with the default command of a group that was named without one; its help stays its own. */
export function withUsualCommand(root: CommandLine, args: readonly string[]): ArrangedWords {
  const typed = arrangeWords(root, args);
  const [group = "", ...deeper] = typed.path;
  const usual = deeper.length === 0 && Object.hasOwn(USUAL_COMMAND, group) ? USUAL_COMMAND[group] : undefined;
  const next = typed.words[1];
  const isNamed = next !== undefined && !next.startsWith("-");
  if (usual === undefined || isNamed || args.some((word) => HELP.includes(word))) return typed;
  return arrangeWords(root, [group, usual, ...args.toSpliced(args.indexOf(group), 1)]);
}
