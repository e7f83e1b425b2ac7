import type { CommandLine, Flag } from "./command-line.ts";

/** The options that may still be meant: those of this command, and of all commands below it. */
export function flagsBelow(line: CommandLine): Flag[] {
  const behind = line.commands.flatMap(({ name }) => {
    const next = line.behind(name);
    return next === undefined ? [] : flagsBelow(next);
  });
  return [...line.flags, ...behind];
}
