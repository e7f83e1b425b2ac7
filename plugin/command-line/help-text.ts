import { indented } from "../terminal/style.ts";
import type { CommandLine, Flag } from "./command-line.ts";

/** The widest left column, in columns; what is longer has its text in the next line. */
const LEFT = 34;

/** What `--help` prints. `width` is in columns. */
export function helpText(line: CommandLine, program: string, width: number): string {
  const shown = line.flags.filter(({ isHidden }) => !isHidden);
  const own = shown.filter(({ isGlobal }) => !isGlobal);
  const globals = shown.filter(({ isGlobal }) => isGlobal);
  const column = columnOf(own.map(flagRow));
  const commands = line.commands.map(
    ({ words, describe }): Row => [[program, line.synopsis, words].filter(Boolean).join(" "), describe],
  );
  const positionals = line.positionals.map(({ name, describe }): Row => [name, describe]);
  const isProgram = line.synopsis === "";
  const sections: [string, string][] = [
    ["Commands", rows(commands, width)],
    ["Arguments", rows(positionals, width)],
    ...[...Map.groupBy(own, ({ declared }) => declared.group ?? "Options")].map(
      ([heading, flags]): [string, string] => [heading, rows(flags.map(flagRow), width, column)],
    ),
    ...(isProgram ? [["Global options", rows(globals.map(flagRow), width)] satisfies [string, string]] : []),
    ["Examples", examples(line, program, width)],
  ];
  const synopsis = isProgram && line.commands.length > 0 ? "<command>" : line.synopsis;
  const names = `Global options: ${globals.flatMap(({ spellings }) => spellings).join(", ")}`;
  const last = [...(isProgram ? [] : [names]), ...(line.more === "" ? [] : [line.more])];
  return [
    `${program} ${synopsis}\n`,
    indented(line.describe, "", width),
    ...sections.flatMap(([title, text]) => (text === "" ? [] : [`${title}:\n${text}`])),
    last.map((text) => indented(text.replaceAll("$0", program), "", width)).join(""),
  ].join("\n");
}

type Row = readonly [left: string, text: string];

function flagRow({ spellings, describe, choices, default: usual, isRequired }: Flag): Row {
  const [long = "", ...short] = spellings;
  const notes = [
    ...(choices.length === 0 ? [] : [choices.join(", ")]),
    ...(usual === undefined ? [] : [`default: ${usual}`]),
    ...(isRequired ? ["required"] : []),
  ];
  const left = long.startsWith("--") ? `${short[0] === undefined ? "   " : `${short[0]},`} ${long}` : long;
  return [left, notes.length === 0 ? describe : `${describe} (${notes.join("; ")})`];
}

function examples({ examples: all }: CommandLine, program: string, width: number): string {
  const list = all.map(({ command, describe }): Row => [command.replaceAll("$0", program), describe]);
  return rows(list, width, columnOf(list, Math.floor(width * 0.55)));
}

/** Where the right column begins. */
function columnOf(all: readonly Row[], widest = LEFT): number {
  return Math.max(0, ...all.map(([left]) => left.length).filter((length) => length <= widest)) + 4;
}

/** Two columns, of which the right one is wrapped. */
function rows(all: readonly Row[], width: number, column = columnOf(all)): string {
  return all
    .map(([left, text]) => {
      if (text === "") return `  ${left}\n`;
      const wrapped = indented(text, " ".repeat(column), width);
      return left.length + 4 > column
        ? `  ${left}\n${wrapped}`
        : `  ${left.padEnd(column - 2)}${wrapped.slice(column)}`;
    })
    .join("");
}
