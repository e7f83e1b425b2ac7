import { isDeepStrictEqual } from "node:util";
import { isNode, type Pair, type YAMLMap } from "yaml";
import { type Change, type EditContext, insertLines, replaceText } from "./edit-context.ts";
import {
  blockIndent,
  contentEnd,
  isFlow,
  keyText,
  nodeSpan,
  pairEnd,
  pairStart,
  UnclearLayout,
  valueSlot,
} from "./layout.ts";
import { lineStart, nextLine } from "./line-offsets.ts";
import { blockLines, flowPair, pairLines } from "./yaml-text.ts";

type Values = Record<string, unknown>;

/** YAML 1.1's key that takes over the entries of another map. */
const MERGE_KEY = "<<";

/** Changes, adds and removes entries of a map. Entries that stay as they are, and their comments, are not touched. */
export function reconcileMap(context: EditContext, map: YAMLMap, { current, desired }: Change<Values>): void {
  const pairs = map.items as Pair[];
  const own = new Set(pairs.map(keyText));
  const isKept = (pair: Pair) => keyText(pair) === MERGE_KEY || Object.hasOwn(desired, keyText(pair));
  const added = Object.entries(desired).filter(
    ([key, value]) =>
      !own.has(key) && !(Object.hasOwn(current, key) && isDeepStrictEqual(current[key], value)),
  );
  if (Object.keys(current).some((key) => !own.has(key) && !Object.hasOwn(desired, key))) {
    throw new UnclearLayout("an entry to be removed comes from another map");
  }

  const kept = pairs.filter(isKept);
  if (kept.length === 0) {
    replaceAll(context, map, added);
    return;
  }
  for (const pair of kept) {
    const key = keyText(pair);
    if (key !== MERGE_KEY)
      reconcilePair(context, { map, pair }, { current: current[key], desired: desired[key] });
  }
  const remove = isFlow(map) ? removeFlowPairs : removeBlockPairs;
  if (kept.length < pairs.length) remove(context, pairs, isKept);
  insertPairs(context, map, added);
}

function reconcilePair(
  context: EditContext,
  { map, pair }: { map: YAMLMap; pair: Pair },
  change: Change,
): void {
  if (isDeepStrictEqual(change.current, change.desired)) return;
  const node = isNode(pair.value) ? pair.value : null;
  const inFlow = isFlow(map);
  context.reconcile(
    { node, slot: valueSlot(pair), inFlow, indent: inFlow ? 0 : blockIndent(map), under: "key" },
    change,
  );
}

function replaceAll(context: EditContext, map: YAMLMap, added: readonly [string, unknown][]): void {
  const { start, end } = nodeSpan(map);
  if (isFlow(map)) {
    replaceText(context, { start: start + 1, end: end - 1, text: added.map(flowPair).join(", ") });
    return;
  }

  const last = contentEnd(map);
  const tail = context.text[last - 1] === "\n" ? context.lineEnding : "";
  const column = blockIndent(map);
  const lines = blockLines(Object.fromEntries(added), column);
  const block = lines.length === 0 ? "{}" : lines.join(context.lineEnding).slice(column);
  replaceText(context, { start, end: last, text: block + tail });
}

function insertPairs(context: EditContext, map: YAMLMap, added: readonly [string, unknown][]): void {
  if (added.length === 0) return;
  if (isFlow(map)) {
    const end = pairEnd(map.items.at(-1) as Pair);
    replaceText(context, { start: end, end, text: added.map((pair) => `, ${flowPair(pair)}`).join("") });
  } else {
    const lines = added.flatMap((pair) => pairLines(pair, blockIndent(map)));
    insertLines(context, contentEnd(map), lines);
  }
}

/** Removes whole lines; but the first key after a dash is replaced by the first one that stays. */
function removeBlockPairs(
  context: EditContext,
  pairs: readonly Pair[],
  isKept: (pair: Pair) => boolean,
): void {
  const { text } = context;
  const firstKept = pairs.findIndex(isKept);
  for (const [index, pair] of pairs.entries()) {
    if (isKept(pair)) continue;
    const start = pairStart(pair);
    const line = lineStart(text, start);
    if (text.slice(line, start).replace("\ufeff", "").trim() === "") {
      replaceText(context, { start: line, end: nextLine(text, pairEnd(pair)), text: "" });
    } else {
      const next = pairs[firstKept];
      if (next === undefined || index > firstKept) throw new UnclearLayout("two entries are on one line");
      replaceText(context, { start, end: pairStart(next), text: "" });
    }
  }
}

function removeFlowPairs(
  context: EditContext,
  pairs: readonly Pair[],
  isKept: (pair: Pair) => boolean,
): void {
  const firstKept = pairs.findIndex(isKept);
  const [first] = pairs;
  const next = pairs[firstKept];
  if (firstKept > 0 && first !== undefined && next !== undefined) {
    replaceText(context, { start: pairStart(first), end: pairStart(next), text: "" });
  }
  for (const [index, pair] of pairs.entries()) {
    const before = pairs[index - 1];
    if (index > firstKept && before !== undefined && !isKept(pair)) {
      replaceText(context, { start: pairEnd(before), end: pairEnd(pair), text: "" });
    }
  }
}
