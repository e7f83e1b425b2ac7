import { formatPatch, OMIT_HEADERS, type StructuredPatchHunk, structuredPatch } from "diff";

interface DiffInput {
  readonly path: string;
  /** Undefined: the file does not exist yet. */
  readonly before: string | undefined;
  /** Undefined: the file is removed. */
  readonly after: string | undefined;
  /** A text as it may be shown, with the same number of lines. */
  readonly mask: (text: string) => string;
}

/**
 * The difference in unified form, as `diff -u` writes it; empty when there is none. The texts are compared, and shown masked.
 * File names are written here, since the library would quote those that are not ASCII.
 */
export function unifiedDiff({ path, before, after, mask }: DiffInput): string {
  if (before === after) return "";
  const patch = structuredPatch("", "", before ?? "", after ?? "", "", "", { context: 3 });
  const [old, changed] = [before, after].map((text) => mask(text ?? "").split("\n"));
  const hunks = patch.hunks.map((hunk) => ({ ...hunk, lines: shownLines(hunk, old ?? [], changed ?? []) }));
  const named = (text: string | undefined) => (text === undefined ? "/dev/null" : path);
  return `--- ${named(before)}\n+++ ${named(after)}\n${formatPatch({ ...patch, hunks }, OMIT_HEADERS)}`;
}

/** The lines of a hunk, taken from the masked texts. */
function shownLines(hunk: StructuredPatchHunk, old: readonly string[], changed: readonly string[]): string[] {
  let [oldLine, newLine] = [hunk.oldStart - 1, hunk.newStart - 1];
  return hunk.lines.map((line) => {
    const sign = line.charAt(0);
    if (sign === "\\") return line; // No newline at end of file
    const text = sign === "+" ? changed[newLine] : old[oldLine];
    if (sign !== "+") oldLine += 1;
    if (sign !== "-") newLine += 1;
    return `${sign}${printable(text ?? "")}`;
  });
}

/** Nothing in a file may control the terminal that shows it. */
function printable(line: string): string {
  return line.replaceAll(/[^\P{Cc}\t\r\n]/gu, "\ufffd");
}
