import { stripVTControlCharacters } from "node:util";
import { Chalk, type ChalkInstance } from "chalk";

/** How to write a text. */
export interface PenOptions {
  /** In columns: sentences are wrapped at this width. */
  readonly width: number;
  readonly color: boolean;
  /** False: only ASCII can be shown. */
  readonly unicode: boolean;
}

const UNICODE = { bad: "✗", odd: "!", good: "✓", dot: "•", unseen: "?" };
const ASCII = { bad: "BROKEN", odd: "!", good: "ok", dot: "-", unseen: "?" };

/** What a line may not begin with: GitHub Actions would obey it (actions/runner, ActionCommand.cs). */
const WORKFLOW_COMMAND = "::";

/** Collects lines, wrapped to the width. */
export class Pen {
  readonly ink: ChalkInstance;
  readonly sign: typeof UNICODE;
  readonly #width: number;
  #lines: string[] = [];

  constructor({ width, color, unicode }: PenOptions) {
    this.ink = new Chalk({ level: color ? 1 : 0 });
    this.sign = unicode ? UNICODE : ASCII;
    this.#width = width;
  }

  get text(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** An empty line between two parts. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#lines.push("");
  }

  /** A paragraph: the first line begins with `first`, the others with as many blanks, but at most `deepest`. */
  paragraph(first: string, text: string, deepest = 6): void {
    const indent = " ".repeat(Math.min(visibleLength(first), deepest));
    let current = first;
    let isEmpty = true;
    for (const word of wordsOf(text)) {
      const fits = visibleLength(current) + 1 + visibleLength(word) <= this.#width;
      if (!isEmpty && !fits && !word.startsWith(WORKFLOW_COMMAND)) {
        this.#lines.push(current);
        current = indent;
        isEmpty = true;
      }
      current += isEmpty ? word : ` ${word}`;
      isEmpty = false;
    }
    this.#lines.push(current);
  }
}

/**
 * The words between which a line may be broken. The command in a sentence is kept together; a sentence with several commands is
 * kept whole.
 */
function wordsOf(text: string): readonly string[] {
  const [before = "", command, after = "", ...more] = text.split("`");
  if (command === undefined) return text.split(/\s+/);
  if (more.length > 0) return [text];
  const [tail = "", ...rest] = after.split(/\s+/);
  return [...before.split(/\s+/).filter((word) => word !== ""), `\`${command}\`${tail}`, ...rest];
}

function visibleLength(text: string): number {
  return stripVTControlCharacters(text).length;
}
