import { type CST, isCollection, isNode, isPair, type Node, type Pair } from "yaml";

/** A part of the document whose layout we do not edit. */
export class UnclearLayout extends Error {}

/** Where the node's text begins and ends, without its anchor, tag and trailing comment. */
export function nodeSpan(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) throw new UnclearLayout("the position of a value is unknown");
  return { start, end };
}

/** Whether a node is written in `{}` or `[]`, not in block style. */
export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true;
}

/** The offset after the last character of a value. A block scalar ends after its last line break. */
export function contentEnd(node: Node): number {
  if (!isCollection(node) || isFlow(node)) return nodeSpan(node).end;
  const last: unknown = node.items.at(-1);
  if (isPair(last)) return pairEnd(last);
  return isNode(last) ? contentEnd(last) : nodeSpan(node).end;
}

/** Where a pair begins: at its key, or at what precedes that (`?`, an anchor, a tag). */
export function pairStart(pair: Pair): number {
  const token = pair.srcToken?.start.find(({ type }) => ["explicit-key-ind", "anchor", "tag"].includes(type));
  return token?.offset ?? nodeSpan(keyNode(pair)).start;
}

export function pairEnd(pair: Pair): number {
  return isNode(pair.value) ? contentEnd(pair.value) : nodeSpan(keyNode(pair)).end;
}

/** The key as in a JavaScript object. The library makes the merge key a symbol. */
export function keyText(pair: Pair): string {
  const key = keyNode(pair);
  if (!("value" in key)) throw new UnclearLayout("a key is not a simple word");
  return typeof key.value === "symbol" ? (key.value.description ?? "") : String(key.value ?? "");
}

/** The offset after the colon, and after the value's anchor and tag, where an empty value would be. */
export function valueSlot(pair: Pair): number {
  const token = pair.srcToken?.sep?.findLast(({ type }) => ["map-value-ind", "anchor", "tag"].includes(type));
  if (token === undefined) throw new UnclearLayout("a key is missing its value");
  return token.offset + token.source.length;
}

/** Column of the entries of a map or list in block style. */
export function blockIndent(node: Node): number {
  const token = node.srcToken;
  if (token?.type !== "block-map" && token?.type !== "block-seq") {
    throw new UnclearLayout("the column of an entry is unknown");
  }
  return token.indent;
}

/** The offset of each item's dash. */
export function dashOffsets(node: Node): number[] {
  const token = node.srcToken;
  if (token?.type !== "block-seq") throw new UnclearLayout("the dashes of a list are missing");
  return token.items.flatMap(({ start }: { start: CST.SourceToken[] }) =>
    start.filter(({ type }) => type === "seq-item-ind").map(({ offset }) => offset),
  );
}

function keyNode(pair: Pair): Node {
  if (!isNode(pair.key)) throw new UnclearLayout("a key is not a simple word");
  return pair.key;
}
