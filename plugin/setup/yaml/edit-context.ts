import type { Node } from "yaml";
import type { Splice } from "../../../token/text/splices.ts";
import { nextLine } from "./line-offsets.ts";

/** What an edit collects while it walks through a document. */
export interface EditContext {
  readonly text: string;
  readonly lineEnding: string;
  readonly splices: Splice[];
  /** Changes one value to the desired one. It is here so that maps and lists need not import each other. */
  readonly reconcile: (place: Place, change: Change) => void;
}

/** A value as it is read, and as it should be. */
export interface Change<T = unknown> {
  readonly current: T;
  readonly desired: T;
}

/** Where a value is. */
export interface Place {
  /** Null where a key has no value at all, not even a colon. */
  readonly node: Node | null;
  /** The offset after the colon or dash, where an empty value would be. */
  readonly slot: number;
  /** Inside `{}` or `[]`. */
  readonly inFlow: boolean;
  /** Column of the key or dash it belongs to. */
  readonly indent: number;
  /** A list may begin at the column of its key, but not at that of a dash. */
  readonly under: "key" | "dash";
}

export function replaceText({ splices }: EditContext, splice: Splice): void {
  splices.push(splice);
}

/** Adds lines after the line that contains `end`. */
export function insertLines(context: EditContext, end: number, lines: readonly string[]): void {
  const { text, lineEnding } = context;
  const at = nextLine(text, end);
  const block = lines.join(lineEnding);
  const lacksNewline = at > 0 && text[at - 1] !== "\n";
  replaceText(context, { start: at, end: at, text: lacksNewline ? lineEnding + block : block + lineEnding });
}
