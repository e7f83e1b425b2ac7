import type { App } from "../app.ts";

/** Below it words are broken, above it lines are hard to follow. In columns. */
const [NARROWEST, WIDEST] = [60, 200];

/** A paragraph in lines that fit, each with this indentation. */
export function indented(text: string, indent: string, width: number): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = indent + word;
    else if (line.length + 1 + word.length > width) lines.push(indent + word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return `${lines.join("\n")}\n`;
}

/** The width of running text, in columns: that of the terminal, within limits. */
export function textWidth({ io }: Pick<App, "io">): number {
  return Math.max(NARROWEST, Math.min(io.columns, WIDEST));
}
