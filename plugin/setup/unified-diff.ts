import { compareLines, type DiffStep } from "./line-diff.ts";

/** Lines of context around a change. */
const CONTEXT_LINES = 3;

interface DiffInput {
  readonly path: string;
  /** Undefined: the file does not exist yet. */
  readonly before: string | undefined;
  /** Undefined: the file goes. */
  readonly after: string | undefined;
  /** A text as it may be shown, with as many lines as it had. */
  readonly mask: (text: string) => string;
}

/**
 * The difference in unified form, as `diff -u` writes it; empty when there is none. What differs is found on the texts,
 * what is shown are the masked ones.
 */
export function unifiedDiff({ path, before, after, mask }: DiffInput): string {
  if (before === after) return "";
  const steps = compareLines(linesOf(before ?? ""), linesOf(after ?? ""));
  const [shownOld, shownNew] = [linesOf(mask(before ?? "")), linesOf(mask(after ?? ""))];
  const lineOf = ({ kind, oldLine, newLine }: DiffStep) => {
    const text = kind === "added" ? shownNew[newLine] : shownOld[oldLine];
    return `${SIGNS[kind]}${printable(text ?? "")}`;
  };
  const hunks = hunksOf(steps).map((hunk) => [head(hunk), ...hunk.map(lineOf)].join("\n"));
  const named = (text: string | undefined) => (text === undefined ? "/dev/null" : path);
  return [`--- ${named(before)}`, `+++ ${named(after)}`, ...hunks, ""].join("\n");
}

const SIGNS = { same: " ", removed: "-", added: "+" } as const;

/** Lines without their end; the last one of a text that does not end its last line says so, as in `diff`. */
function linesOf(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

function hunksOf(steps: readonly DiffStep[]): DiffStep[][] {
  const hunks: DiffStep[][] = [];
  let shownUntil = -1;
  for (const [index, { kind }] of steps.entries()) {
    if (kind === "same") continue;
    const start = Math.max(index - CONTEXT_LINES, 0);
    if (hunks.length === 0 || start > shownUntil) hunks.push([]);
    const from = Math.max(start, shownUntil);
    const until = Math.min(index + CONTEXT_LINES + 1, steps.length);
    hunks.at(-1)?.push(...steps.slice(from, until));
    shownUntil = until;
  }
  return hunks;
}

function head(hunk: readonly DiffStep[]): string {
  const oldCount = hunk.filter(({ kind }) => kind !== "added").length;
  const newCount = hunk.filter(({ kind }) => kind !== "removed").length;
  const { oldLine = 0, newLine = 0 } = hunk[0] ?? {};
  return `@@ -${position(oldLine, oldCount)} +${position(newLine, newCount)} @@`;
}

/** Lines count from one; a stretch of no lines is named by the line before it. */
function position(line: number, count: number): string {
  const start = count === 0 ? line : line + 1;
  return count === 1 ? String(start) : `${start},${count}`;
}

/** Nothing in a file may steer the terminal that shows it. */
function printable(line: string): string {
  return line.replaceAll(/[^\P{Cc}\t\r\n]/gu, "\ufffd");
}
