import { envValue } from "../../token/env.ts";
import { detectAiAgent } from "../../token/hot/ai-agent.ts";
import { shown } from "../../token/text/printable.ts";
import type { App } from "../app.ts";
import { table } from "./output.ts";
import { type ColorChoice, showsUnicode, style } from "./style.ts";
import { interrupted } from "./terminal.ts";

/** Something to pick. */
export interface Choice<T> {
  readonly value: T;
  /** Columns of its line, which is searched as a whole. */
  readonly cells: readonly string[];
}

/** Lines of the screen that are not for the list: question, help, and what stood there before. */
const OTHER_ROWS = 6;
/** What the cursor takes of a line, in columns, and the last one, behind which some terminals break the line. */
const MARGIN = 3;

/** Width of a terminal that does not tell its own, as the library has it. */
const UNKNOWN_COLUMNS = 80;

/** Whether a user can pick from a list: at a terminal that can be drawn on, and neither a CI job nor an AI agent. */
export function canPick({ env, io }: App): boolean {
  const isAttended =
    envValue(env, "CI") === undefined && detectAiAgent((variable) => env[variable]) === undefined;
  return io.isTerminal("stdin") && io.isTerminal("stderr") && env["TERM"] !== "dumb" && isAttended;
}

/**
 * A list that is searched as one types. Undefined: there is no terminal. Throws `interrupted` on Esc, Ctrl-C and Ctrl-D; the list
 * is gone afterwards.
 */
export async function pick<T>(
  app: App,
  {
    question,
    choices,
    color,
  }: { readonly question: string; readonly choices: readonly Choice<T>[]; readonly color: ColorChoice },
): Promise<T | undefined> {
  const terminal = app.io.openTerminal();
  if (terminal === undefined) return undefined;
  const { input, output } = terminal.streams();
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const leaveByKey = (_: string | undefined, { name, ctrl }: { name?: string; ctrl?: boolean }) => {
    if (name === "escape" || (ctrl && name === "d")) leave();
  };
  input.on("keypress", leaveByKey);
  for (const event of ["end", "error"]) input.on(event, leave);
  try {
    const { default: search, Separator } = await import("@inquirer/search");
    const lines = linesOf(choices, (app.io.columns || UNKNOWN_COLUMNS) - MARGIN);
    const nothing = [new Separator("Nothing matches.")];
    const source = (term = "") => {
      const found = lines
        .filter(({ name }) => matches(name, term))
        .toSorted((one, other) => closeness(other.name, term) - closeness(one.name, term));
      return found.length === 0 ? nothing : found;
    };
    return await search(
      {
        ...{ message: shown(question), source, theme: theme(app, color) },
        pageSize: Math.max(OTHER_ROWS, (output.rows ?? 0) - OTHER_ROWS),
      },
      {
        ...{ input, output, clearPromptOnDone: true },
        signal: AbortSignal.any([app.signal, leaving.signal]),
      },
    );
  } catch (error) {
    if (error instanceof Error && LEFT.includes(error.name)) throw interrupted();
    throw error;
  } finally {
    input.removeListener("keypress", leaveByKey);
    for (const event of ["end", "error"]) input.removeListener(event, leave);
    terminal.close();
  }
}

/** How the library reports Ctrl-C, and our own signals. */
const LEFT = ["ExitPromptError", "AbortPromptError"];

/** Every word that is typed must be part of the line. */
function matches(line: string, term: string): boolean {
  const text = line.toLowerCase();
  return term
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A line whose first column is what was typed comes first, then one that begins with it. */
function closeness(line: string, term: string): number {
  const text = line.toLowerCase();
  const typed = term.trim().toLowerCase();
  if (typed === "" || !text.startsWith(typed)) return 0;
  return /^(?:\s|$)/.test(text.slice(typed.length)) ? 2 : 1;
}

/** Each choice as one line with columns. */
function linesOf<T>(choices: readonly Choice<T>[], width: number) {
  const lines = table(choices.map(({ cells }) => cells)).split("\n");
  return choices.map(({ value }, index) => ({ value, name: (lines[index] ?? "").slice(0, width) }));
}

function theme(app: App, color: ColorChoice) {
  const ink = style(app, "err", color);
  const isUnicode = showsUnicode(app);
  const [arrows, enter, cursor] = isUnicode ? ["↑↓", "⏎", "❯"] : ["Up/Down", "Enter", ">"];
  const keys = `Type to search; ${arrows} move, ${enter} select, Esc cancel`;
  const same = (text: string) => text;
  return {
    prefix: { idle: "", done: "" },
    icon: { cursor },
    style: {
      message: (text: string) => ink.bold(text),
      highlight: (text: string) => ink.cyan(text),
      searchTerm: (text: string) => shown(text),
      keysHelpTip: () => ink.dim(keys),
      ...{ answer: same, error: same, disabled: same, description: same },
    },
  };
}
