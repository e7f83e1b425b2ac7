import { isDeepStrictEqual } from "node:util";
import { isNode, type Node, type YAMLSeq } from "yaml";
import { isRecord } from "../../../token/record.ts";
import { type Change, type EditContext, insertLines, type Place, replaceText } from "./edit-context.ts";
import { blockIndent, contentEnd, dashOffsets, isFlow, nodeSpan, UnclearLayout } from "./layout.ts";
import { lineStart, nextLine } from "./line-offsets.ts";
import { flowText, itemLines } from "./yaml-text.ts";

/** Which items stay (with what they become), and which follow them. */
interface ListPlan {
  /** By position in the old list; undefined: removed. */
  readonly stay: readonly ({ readonly desired: unknown } | undefined)[];
  readonly added: readonly unknown[];
}

interface ListPlace {
  readonly node: YAMLSeq;
  /** The offset after the colon, where `[]` is written when nothing is left. */
  readonly slot: number;
}

/**
 * Changes, removes and appends items. Items are identified by their `name`, as in all lists of a kubeconfig, else by position.
 * Returns false, and does nothing, if the desired list cannot be reached in this way.
 */
export function reconcileList(
  context: EditContext,
  place: ListPlace,
  { current, desired }: Change<readonly unknown[]>,
): boolean {
  const plan = planByName(current, desired) ?? planByPosition(current, desired);
  if (plan === undefined) return false;
  const { node } = place;
  for (const [index, stays] of plan.stay.entries()) {
    if (stays === undefined || isDeepStrictEqual(current[index], stays.desired)) continue;
    context.reconcile(itemPlace(node, index), { current: current[index], desired: stays.desired });
  }
  if (isFlow(node)) editFlow(context, node, plan);
  else editBlock(context, place, plan);
  return true;
}

function planByName(current: readonly unknown[], desired: readonly unknown[]): ListPlan | undefined {
  const before = namesOf(current);
  const after = namesOf(desired);
  if (before === undefined || after === undefined) return undefined;
  const isNew = (at: number) => !before.includes(after[at] ?? "");
  const places = before.map((name, index) =>
    after.includes(name)
      ? after.indexOf(name)
      : desired.findIndex((item, at) => isNew(at) && isSameButName(current[index], item)),
  );
  const stay = places.map((at) => (at < 0 ? undefined : { desired: desired[at] }));
  const added = desired.filter((_, at) => isNew(at) && !places.includes(at));
  const reached = [...stay.flatMap((item) => (item === undefined ? [] : [item.desired])), ...added];
  return isDeepStrictEqual(reached, desired) ? { stay, added } : undefined;
}

function planByPosition(current: readonly unknown[], desired: readonly unknown[]): ListPlan | undefined {
  if (current.length === 0 || current.length > desired.length) return undefined;
  return {
    stay: current.map((_, index) => ({ desired: desired[index] })),
    added: desired.slice(current.length),
  };
}

/** Whether an item was only renamed, so that it keeps its place and its comments. */
function isSameButName(one: unknown, other: unknown): boolean {
  return isRecord(one) && isRecord(other) && isDeepStrictEqual({ ...one, name: "" }, { ...other, name: "" });
}

/** Undefined unless each item has a name of its own. A null item has the name "" in kubectl. */
function namesOf(items: readonly unknown[]): string[] | undefined {
  const names = items.map((item) => (isRecord(item) ? (item["name"] ?? "") : item === null ? "" : undefined));
  const isNamed = names.every((name) => typeof name === "string");
  return isNamed && new Set(names).size === names.length ? names : undefined;
}

function itemPlace(list: YAMLSeq, index: number): Place {
  const node = itemNode(list, index);
  if (isFlow(list)) return { node, slot: nodeSpan(node).start, inFlow: true, indent: 0, under: "dash" };
  const dash = dashOffsets(list)[index] ?? 0;
  return { node, slot: dash + 1, inFlow: false, indent: blockIndent(list), under: "dash" };
}

function editBlock(context: EditContext, { node, slot }: ListPlace, { stay, added }: ListPlan): void {
  const { text } = context;
  const dashes = dashOffsets(node);
  const isGone = stay.every((item) => item === undefined);
  if (isGone && added.length === 0) {
    if (lineStart(text, nodeSpan(node).start) <= slot) {
      throw new UnclearLayout("a list begins on the line of its key");
    }
    replaceText(context, { start: slot, end: slot, text: " []" });
  }
  for (const [index, item] of stay.entries()) {
    if (item !== undefined) continue;
    const dash = dashes[index] ?? 0;
    const line = lineStart(text, dash);
    if (text.slice(line, dash).trim() !== "") throw new UnclearLayout("two lists begin on one line");
    replaceText(context, { start: line, end: nextLine(text, itemEnd(node, index, dash)), text: "" });
  }
  if (added.length === 0) return;
  const last = node.items.length - 1;
  const lines = added.flatMap((item) => itemLines(item, blockIndent(node)));
  insertLines(context, itemEnd(node, last, dashes[last] ?? 0), lines);
}

function editFlow(context: EditContext, node: YAMLSeq, { stay, added }: ListPlan): void {
  const { start, end } = nodeSpan(node);
  const firstKept = stay.findIndex((item) => item !== undefined);
  if (firstKept < 0) {
    replaceText(context, { start: start + 1, end: end - 1, text: added.map(flowText).join(", ") });
    return;
  }

  const begin = (index: number) => nodeSpan(itemNode(node, index)).start;
  const finish = (index: number) => contentEnd(itemNode(node, index));
  if (firstKept > 0) replaceText(context, { start: begin(0), end: begin(firstKept), text: "" });
  for (const [index, item] of stay.entries()) {
    if (index > firstKept && item === undefined)
      replaceText(context, { start: finish(index - 1), end: finish(index), text: "" });
  }
  if (added.length === 0) return;
  const at = finish(stay.length - 1);
  replaceText(context, { start: at, end: at, text: added.map((item) => `, ${flowText(item)}`).join("") });
}

/** A null item ends at its dash. */
function itemEnd(list: YAMLSeq, index: number, dash: number): number {
  return Math.max(contentEnd(itemNode(list, index)), dash + 1);
}

function itemNode(list: YAMLSeq, index: number): Node {
  const node: unknown = list.items[index];
  if (!isNode(node)) throw new UnclearLayout("the position of a list item is unknown");
  return node;
}
