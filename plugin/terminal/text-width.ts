import type { App } from "../app.ts";

/** Below it words are torn apart, above it the eye loses its line. In columns. */
const [NARROWEST, WIDEST] = [60, 200];

/** A paragraph in lines that fit, each with this before it. */
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

/** How wide running text is, in columns: as the terminal, within reason. */
export function textWidth({ io }: Pick<App, "io">): number {
  return Math.max(NARROWEST, Math.min(io.columns, WIDEST));
}
