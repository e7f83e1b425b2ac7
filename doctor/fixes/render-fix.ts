import type { Command } from "../../token/command/command.ts";
import { escaped } from "../../token/command/run-words.ts";
import { isPrintable } from "../../token/text/printable.ts";
import { commandsOf } from "./action-commands.ts";
import type { Audience, Fix } from "./fix.ts";
import { commandFor, type Reader, readerFor, sentenceFor } from "./reader.ts";

/** A fix as it is printed. */
export interface RenderedFix {
  readonly audience: Audience;
  readonly description: string;
  /** Lines to paste, in order. Empty if one of them cannot be printed, since half a fix is no fix. */
  readonly commands: readonly string[];
  /** A manifest to apply, or an excerpt to put into a file. */
  readonly text?: string | undefined;
  /** Why commands or text are not printed, with the values, escaped. */
  readonly unprintable: readonly string[];
}

/** Renders a fix for the user who pastes it. */
export function renderFix({ audience, description, actions = [] }: Fix, asker: Reader): RenderedFix {
  const reader = readerFor(audience, asker);
  const commands: Command[] = actions.flatMap((action) =>
    action.kind === "document" ? [] : [...commandsOf(action)],
  );
  const rendered = commands.map((command) => commandFor(command, reader));
  const text = actions.flatMap((action) => (action.kind === "document" ? [action.text] : [])).join("\n");
  const hidden = text.split("\n").filter((line) => !isPrintable(line));
  const unprintable = [
    ...rendered.flatMap((result) => ("unprintable" in result ? [result.unprintable] : [])),
    ...hidden.map((line) => `${escaped(line)} contains characters that a terminal does not show`),
  ];
  const isWhole = unprintable.length === 0;
  return {
    audience,
    description: sentenceFor(description, reader),
    commands: isWhole ? rendered.flatMap((result) => ("line" in result ? [result.line] : [])) : [],
    text: isWhole && text !== "" ? text : undefined,
    unprintable: [...new Set(unprintable)],
  };
}
