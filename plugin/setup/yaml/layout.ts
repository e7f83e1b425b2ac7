import { type CST, isCollection, isNode, isPair, type Node, type Pair } from "yaml";

/** A place in the document that is written in a way we would rather not touch. */
export class UnclearLayout extends Error {}

/** Where the node's text begins and ends: without its anchor and tag, without the comment behind it. */
export function nodeSpan(node: Node): { start: number; end: number } {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) throw new UnclearLayout("a value has no place in the text");
  return { start, end };
}

/** Written in `{}` or `[]`, not in lines of its own. */
export function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true;
}

/** Behind the last character of a value. A block scalar ends behind its last line break. */
export function contentEnd(node: Node): number {
  if (!isCollection(node) || isFlow(node)) return nodeSpan(node).end;
  const last: unknown = node.items.at(-1);
  if (isPair(last)) return pairEnd(last);
  return isNode(last) ? contentEnd(last) : nodeSpan(node).end;
}

/** Where a pair begins: at its key, or at what stands before it (`?`, an anchor, a tag). */
export function pairStart(pair: Pair): number {
  const token = pair.srcToken?.start.find(({ type }) => ["explicit-key-ind", "anchor", "tag"].includes(type));
  return token?.offset ?? nodeSpan(keyNode(pair)).start;
}

export function pairEnd(pair: Pair): number {
  return isNode(pair.value) ? contentEnd(pair.value) : nodeSpan(keyNode(pair)).end;
}

/** The key as a JavaScript object has it. The library makes a symbol of the merge key. */
export function keyText(pair: Pair): string {
  const key = keyNode(pair);
  if (!("value" in key)) throw new UnclearLayout("a key is not a simple word");
  return typeof key.value === "symbol" ? (key.value.description ?? "") : String(key.value ?? "");
}

/** Behind the colon, and behind the value's anchor and tag: where an empty value would stand. */
export function valueSlot(pair: Pair): number {
  const token = pair.srcToken?.sep?.findLast(({ type }) => ["map-value-ind", "anchor", "tag"].includes(type));
  if (token === undefined) throw new UnclearLayout("a key has no value");
  return token.offset + token.source.length;
}

/** Column of the entries of a map or list written in lines. */
export function blockIndent(node: Node): number {
  const token = node.srcToken;
  if (token?.type !== "block-map" && token?.type !== "block-seq") {
    throw new UnclearLayout("an entry has no column");
  }
  return token.indent;
}

/** Where the dash of each item of a list stands. */
export function dashOffsets(node: Node): number[] {
  const token = node.srcToken;
  if (token?.type !== "block-seq") throw new UnclearLayout("a list has no dashes");
  return token.items.flatMap(({ start }: { start: CST.SourceToken[] }) =>
    start.filter(({ type }) => type === "seq-item-ind").map(({ offset }) => offset),
  );
}

function keyNode(pair: Pair): Node {
  if (!isNode(pair.key)) throw new UnclearLayout("a key is not a simple word");
  return pair.key;
}
