import type { CST, Node, Pair, YAMLMap } from "yaml";
import type { Splice } from "../../token/text/splices.ts";
import {
  blockIndent,
  contentEnd,
  isFlow,
  nodeSpan,
  pairEnd,
  pairStart,
  UnclearLayout,
} from "../setup/yaml/layout.ts";
import { lineEnding, lineStart, nextLine } from "../setup/yaml/line-offsets.ts";

const BYTE_ORDER_MARK = "\ufeff";

/** The first pair of a text that has only blanks, comments and document markers, or in place of its lone `null`. */
export function firstPair(text: string, contents: Node | null, pair: string): Splice {
  const { start, end } = contents === null ? { start: 0, end: 0 } : nodeSpan(contents);
  if (start < end) return { start, end, text: pair };
  const at = /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length;
  return insertedLine(text, at, pair);
}

/** A pair after the last one of a map; in an empty `{}` after its bracket. */
export function addedPair(text: string, map: YAMLMap, pair: string): Splice {
  const last = map.items.at(-1);
  if (!isFlow(map))
    return insertedLine(text, nextLine(text, contentEnd(map)), " ".repeat(blockIndent(map)) + pair);
  const at = last === undefined ? nodeSpan(map).start + 1 : pairEnd(last);
  return { start: at, end: at, text: last === undefined ? pair : `, ${pair}` };
}

/** Removes a pair from its map: its lines; in `{}` the pair and one comma. */
export function removedPair(text: string, map: YAMLMap, pair: Pair): Splice[] {
  return isFlow(map) ? removedFlowPair(text, map, pair) : [removedLines(text, pair)];
}

/** A non-empty text without a line break at its end stays without one. */
function insertedLine(text: string, at: number, line: string): Splice {
  const isFirst = at === 0 || text.slice(0, at) === BYTE_ORDER_MARK;
  const newline = lineEnding(text);
  const lacksBreak = !isFirst && text[at - 1] !== "\n";
  return { start: at, end: at, text: lacksBreak ? newline + line : line + newline };
}

function removedLines(text: string, pair: Pair): Splice {
  const first = pairStart(pair);
  const line = lineStart(text, first);
  const mark = text.startsWith(BYTE_ORDER_MARK, line) ? 1 : 0;
  if (text.slice(line + mark, first).trim() !== "") throw new UnclearLayout("it shares a line");
  // Blank lines after a block of text are not part of it.
  const end = nextLine(text, first + text.slice(first, pairEnd(pair)).trimEnd().length);
  const isLast = end === text.length && text[end - 1] !== "\n";
  return { start: isLast ? lineEndBefore(text, line) + mark : line + mark, end, text: "" };
}

/** Where the line break before a line begins. */
function lineEndBefore(text: string, line: number): number {
  if (line === 0) return 0;
  return text[line - 2] === "\r" ? line - 2 : line - 1;
}

/** Removes the comma before it too if nothing else is between them; else the one after it. Comments stay. */
function removedFlowPair(text: string, map: YAMLMap, pair: Pair): Splice[] {
  const start = pairStart(pair);
  const end = pairEnd(pair);
  const commas = commasOf(map);
  const before = commas.findLast((at) => at < start);
  const behind = commas.find((at) => at >= end);
  if (
    before !== undefined &&
    text.slice(before + 1, start).trim() === "" &&
    !text.slice(before, start).includes("\n")
  )
    return [{ start: before, end, text: "" }];
  if (behind === undefined) return [withItsLine(text, start, end)];
  if (text.slice(end, behind).trim() === "") return [withItsLine(text, start, behind + 1)];
  return [
    { start, end, text: "" },
    { start: behind, end: behind + 1, text: "" },
  ];
}

/** The whole line if nothing else is on it; else what is to be removed, with the blanks after it on its line. */
function withItsLine(text: string, start: number, end: number): Splice {
  const line = lineStart(text, start);
  const next = nextLine(text, end);
  const isAlone = line > 0 && text.slice(line, start).trim() === "" && text.slice(end, next).trim() === "";
  if (isAlone) return { start: line, end: next, text: "" };
  const isFollowed = text[end - 1] === ",";
  const blanks = isFollowed ? (/^[ \t]*/.exec(text.slice(end, next))?.[0].length ?? 0) : 0;
  return { start, end: end + blanks, text: "" };
}

function commasOf(map: YAMLMap): number[] {
  const token = map.srcToken;
  if (token?.type !== "flow-collection") throw new UnclearLayout("its bracket structure is ambiguous");
  return token.items.flatMap(({ start }: { start: CST.SourceToken[] }) =>
    start.filter(({ type }) => type === "comma").map(({ offset }) => offset),
  );
}
