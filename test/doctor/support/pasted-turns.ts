import { plainLines } from "../../../doctor/paste/plain-lines.ts";
import { turnsOf } from "../../../doctor/paste/turns.ts";

/** A text as its turns, each a text of its own. */
export function turnsIn(text: string): string[] {
  const plain = plainLines(text);
  const lines = plain.split("\n");
  const starts: number[] = [];
  let at = 0;
  for (const { line, output } of turnsOf(plain)) {
    starts.push(at);
    at = line - 1 + output.split("\n").length;
  }
  return starts.map(
    (start, index) =>
      `${lines
        .slice(start, starts[index + 1])
        .join("\n")
        .trimEnd()}\n`,
  );
}
