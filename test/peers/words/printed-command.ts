import type { Command } from "../../../token/command/command.ts";
import type { RenderedCommand, Shell } from "../../../token/command/render-command.ts";
import { runWords, type Word } from "../../../token/command/run-words.ts";
import { runsOf } from "../../doctor/support/printed-commands.ts";

/** How a command is written; tests put broken ones in the place of ours. */
export type Renderer = (command: Command, shell: Shell) => RenderedCommand;

/** A line to paste, and what it is to do, taken from the data and not from the line. */
export interface PrintedCommand {
  readonly line: string;
  /** The words that each program is to get, itself first. */
  readonly runs: readonly (readonly string[])[];
  /** The file it is to write, in the folder where it is pasted. */
  readonly file: string | undefined;
  /** Variables that it is to take away. */
  readonly unset: readonly string[];
  /** A line for a POSIX shell that shows what became of variables. */
  readonly after: string;
}

/** Undefined where no line is printed, or none that a stub in a folder of PATH can record. */
export function printedCommand(
  command: Command,
  { shell, home, render }: { readonly shell: Shell; readonly home: string; readonly render: Renderer },
): PrintedCommand | undefined {
  const rendered = render(command, shell);
  if (!("line" in rendered)) return undefined;
  const runs = runsOf(command).map((run) => runWords(run).map((word) => wordText(word, home)));
  if (runs.some(([program = ""]) => /[/\\]/.test(program) || BUILT_IN.has(program))) return undefined;
  const variables = variablesOf(command);
  const names = Object.keys(variables);
  return {
    line: rendered.line,
    runs: names.length === 0 ? runs : [...runs, ["variables", ...Object.values(variables)]],
    file: command.kind === "write-file" ? command.file : undefined,
    unset: command.kind === "unset-variables" ? names : [],
    after: names.length === 0 ? "" : `variables ${names.join(" ")}`,
  };
}

/** Programs of ours that each shell has in itself. */
const BUILT_IN: ReadonlySet<string> = new Set(["type"]);

function wordText(word: Word, home: string): string {
  return typeof word === "string" ? word : `${home}/${word.underHome}`;
}

function variablesOf(command: Command): Readonly<Record<string, string>> {
  switch (command.kind) {
    case "set-variable":
      return { [command.name]: command.value };
    case "unset-variables":
      return Object.fromEntries(command.names.map((name) => [name, "(unset)"]));
    default:
      return {};
  }
}
