import { indented } from "../terminal/style.ts";
import type { CommandLine, Flag } from "./command-line.ts";

/** The widest left column, in columns; what is longer has its text in the next line. */
const LEFT = 34;

/** What `--help` prints. `width` is in columns. */
export function helpText(line: CommandLine, program: string, width: number): string {
  const shown = line.flags.filter(({ isHidden }) => !isHidden);
  const commands = line.commands.map(
    ({ words, describe }): Row => [[program, line.synopsis, words].filter(Boolean).join(" "), describe],
  );
  const sections: [string, string][] = [
    ["Commands", rows(commands, width)],
    [
      "Arguments",
      rows(
        line.positionals.map(({ name, describe }) => [name, describe]),
        width,
      ),
    ],
    ["Options", rows(shown.filter(({ isGlobal }) => !isGlobal).map(flagRow), width)],
    [
      "Global options",
      globalOptions(
        line,
        shown.filter(({ isGlobal }) => isGlobal),
        width,
      ),
    ],
    ["Examples", examples(line, program, width)],
  ];
  const synopsis = line.synopsis === "" && line.commands.length > 0 ? "<command>" : line.synopsis;
  return [
    `${program} ${synopsis}\n`,
    indented(line.describe, "", width),
    ...sections.flatMap(([title, text]) => (text === "" ? [] : [`${title}:\n${text}`])),
    ...(line.more === "" ? [] : [indented(line.more.replaceAll("$0", program), "", width)]),
  ].join("\n");
}

/** In full for the program, and by name for each command. */
function globalOptions({ synopsis }: CommandLine, flags: readonly Flag[], width: number): string {
  if (synopsis === "") return rows(flags.map(flagRow), width);
  return indented(flags.flatMap(({ spellings }) => spellings).join(", "), "  ", width);
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
  return rows(
    all.map(({ command, describe }) => [command.replaceAll("$0", program), describe]),
    width,
    Math.floor(width / 2),
  );
}

/** Two columns, of which the right one is wrapped. */
function rows(all: readonly Row[], width: number, widest = LEFT): string {
  const lengths = all.map(([left]) => left.length).filter((length) => length <= widest);
  const column = Math.max(0, ...lengths) + 4;
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
