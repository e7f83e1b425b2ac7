import { isComplaint } from "../complaint.ts";
import { isOfAws } from "../words.ts";
import { isTableLine, operationBelow } from "./table.ts";
import { isNamedLine, partOfLine } from "./text.ts";

/** The lines of an output, what printed them, and which of them is the first that is not blank. */
interface Printed {
  readonly lines: readonly string[];
  readonly beginning: number;
  readonly command: string | undefined;
}

/**
 * The index behind the last line of a table or of text of the AWS CLI that begins in a line; undefined where none does. Without a
 * known command, only lines that say what they are belong to it.
 */
export function awsTextEnd({ lines, beginning, command }: Printed, start: number): number | undefined {
  const line = lines[start] ?? "";
  if (operationBelow(line, lines[start + 1] ?? "") !== undefined) return endOf(lines, start + 1, isTableLine);
  if (start === beginning && isOfAws(command) && !isComplaint(line))
    return endOf(lines, start, (one) => one.trim() !== "" && !isComplaint(one));
  return partOfLine(line) === undefined ? undefined : endOf(lines, start + 1, isNamedLine);
}

function endOf(lines: readonly string[], start: number, belongs: (line: string) => boolean): number {
  let end = start;
  while (end < lines.length && belongs(lines[end] ?? "")) end += 1;
  return end;
}
