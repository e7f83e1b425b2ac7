import { shown } from "../text/printable.ts";
import type { Command } from "./command.ts";
import { renderCommand, type ShellOrGuess } from "./render-command.ts";
import { shellOf } from "./shell-of.ts";

/** A sentence for users, with commands in it as data. */
export type Sentence = string | readonly (string | Command)[];

/** One part of a sentence as it is printed. */
type SentencePart = { readonly text: string } | { readonly command: string };

/** sentence`Run ${command}, then try again.` */
export function sentence(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Sentence | Command)[]
): Sentence {
  const parts = strings.flatMap((text, index): readonly (string | Command)[] => {
    const value = values[index];
    if (value === undefined) return [text];
    if (typeof value === "number") return [text, String(value)];
    return [text, ...(isSentence(value) ? partsOf(value) : [value])];
  });
  return parts.every((part) => typeof part === "string") ? parts.join("") : parts;
}

function isSentence(value: Sentence | Command): value is Sentence {
  return typeof value === "string" || Array.isArray(value);
}

function partsOf(value: Sentence): readonly (string | Command)[] {
  return typeof value === "string" ? [value] : value;
}

function renderSentence(value: Sentence, shell: ShellOrGuess): readonly SentencePart[] {
  return partsOf(value).map((part) => {
    if (typeof part === "string") return { text: plain(part) };
    const rendered = renderCommand(part, shell);
    return "line" in rendered
      ? { command: rendered.line }
      : { text: plain(`(command not shown: ${rendered.unprintable})`) };
  });
}

function plain(text: string): string {
  return shown(text).replaceAll("`", "'");
}

/**
 * The sentence as it is printed. Only commands are put between backticks: foreign text there could pass for one.
 */
export function sentenceText(value: Sentence, shell: ShellOrGuess): string {
  return renderSentence(value, shell)
    .map((part) => ("text" in part ? part.text : `\`${part.command}\``))
    .join("");
}

/** A sentence with commands for this machine's shell: withCommands`Remove it: ${run("rm", "", {}, file)}`. */
export function withCommands(...parts: Parameters<typeof sentence>): string {
  return sentenceText(sentence(...parts), shellHere());
}

/** The shell of the user who reads our errors; all of POSIX reads bash. A browser page has none. */
function shellHere(): ShellOrGuess {
  const here = globalThis.process;
  return here?.platform === "win32" ? shellOf(here.env, here.platform) : "bash";
}
