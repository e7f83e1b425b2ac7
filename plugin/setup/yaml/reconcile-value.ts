import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isSeq, type Node } from "yaml";
import { isRecord } from "../../../token/record.ts";
import type { Splice } from "../../../token/text/splices.ts";
import { type Change, type EditContext, insertLines, type Place, replaceText } from "./edit-context.ts";
import { contentEnd, isFlow, nodeSpan, UnclearLayout } from "./layout.ts";
import { lineEnding, lineStart, nextLine } from "./line-offsets.ts";
import { reconcileList } from "./reconcile-list.ts";
import { reconcileMap } from "./reconcile-map.ts";
import { blockLines, flowText, inlineText, isFilled } from "./yaml-text.ts";

/** The splices that turn the value `node` into what is desired, and touch nothing else. */
export function reconcileDocument(text: string, node: Node, change: Change): Splice[] {
  const splices: Splice[] = [];
  const context: EditContext = {
    text,
    splices,
    lineEnding: lineEnding(text),
    reconcile: (place, of) => reconcileValue(context, place, of),
  };
  const slot = nodeSpan(node).start;
  context.reconcile({ node, slot, inFlow: false, indent: 0, under: "key" }, change);
  return splices;
}

function reconcileValue(context: EditContext, place: Place, { current, desired }: Change): void {
  const { node } = place;
  if (isDeepStrictEqual(current, desired)) return;
  if (isMap(node) && isRecord(current) && isRecord(desired)) {
    reconcileMap(context, node, { current, desired });
  } else if (isSeq(node) && Array.isArray(current) && Array.isArray(desired)) {
    if (shouldUnfold(context, place, node)) replaceInline(context, place, desired);
    else if (!reconcileList(context, { node, slot: place.slot }, { current, desired }))
      replaceValue(context, place, desired);
  } else {
    replaceValue(context, place, desired);
  }
}

/** `clusters: []` becomes a list in lines; a non-empty list in brackets stays in brackets. */
function shouldUnfold({ text }: EditContext, { inFlow }: Place, node: Node): boolean {
  const { start, end } = nodeSpan(node);
  return !inFlow && isFlow(node) && text.slice(start + 1, end - 1).trim() === "";
}

function replaceValue(context: EditContext, place: Place, desired: unknown): void {
  const { node, inFlow } = place;
  if (inFlow || node === null || !isCollection(node) || isFlow(node)) {
    replaceInline(context, place, desired);
  } else {
    replaceBlock(context, place, node, desired);
  }
}

/** Replaces a value that begins on the line of its key or dash, or adds one there. */
function replaceInline(context: EditContext, place: Place, desired: unknown): void {
  const { node, slot, inFlow, indent, under } = place;
  const { text } = context;
  if (node === null) throw new UnclearLayout("a key is missing its value");
  const span = nodeSpan(node);
  const isEmpty = span.start === span.end;
  const start = isEmpty ? slot : span.start;
  const end = isEmpty ? slot : span.end;
  const gap = isEmpty ? " " : "";

  if (inFlow || !isFilled(desired)) {
    const value = inFlow ? flowText(desired) : inlineText(desired);
    const tail = text[end - 1] === "\n" ? context.lineEnding : "";
    replaceText(context, { start, end, text: gap + value + tail });
  } else if (under === "dash") {
    const column = start + gap.length - lineStart(text, start);
    const lines = blockLines(desired, column);
    replaceText(context, { start, end, text: gap + lines.join(context.lineEnding).slice(column) });
  } else {
    const kept = isEmpty ? start : slot;
    const behind = text[end - 1] === "\n" ? context.lineEnding : "";
    replaceText(context, { start: kept, end, text: behind });
    insertLines(context, end, blockLines(desired, Array.isArray(desired) ? indent : indent + 2));
  }
}

/** Replaces a value that is in lines of its own. */
function replaceBlock(context: EditContext, place: Place, node: Node, desired: unknown): void {
  const { text } = context;
  const { start } = nodeSpan(node);
  const end = contentEnd(node);
  const tail = text[end - 1] === "\n" ? context.lineEnding : "";
  if (isFilled(desired)) {
    const column = start - lineStart(text, start);
    const lines = blockLines(desired, column);
    replaceText(context, { start, end, text: lines.join(context.lineEnding).slice(column) + tail });
    return;
  }
  if (lineStart(text, start) <= place.slot) throw new UnclearLayout("a list begins on the line of its key");
  replaceText(context, { start: place.slot, end: place.slot, text: ` ${inlineText(desired)}` });
  replaceText(context, { start: lineStart(text, start), end: nextLine(text, end), text: "" });
}
