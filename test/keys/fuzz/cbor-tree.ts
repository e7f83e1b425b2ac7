import { encode } from "cborg";

/** One item of CBOR. Unlike a value it can hold a key twice, and keys in any order. */
export interface CborTree {
  readonly kind: "map" | "list" | "bytes" | "text" | "other";
  /** The content of bytes and text; the whole encoding of anything else that has no children. */
  readonly content: Uint8Array;
  /** Of a map its keys and values in turn. */
  readonly children: readonly CborTree[];
}

const EMPTY = new Uint8Array();

export function treeOf(value: unknown): CborTree {
  if (value instanceof Map) {
    return { kind: "map", content: EMPTY, children: [...value].flat().map(treeOf) };
  }
  if (Array.isArray(value)) {
    return { kind: "list", content: EMPTY, children: value.map(treeOf) };
  }
  if (value instanceof Uint8Array) {
    return { kind: "bytes", content: value, children: [] };
  }
  if (typeof value === "string") {
    return { kind: "text", content: Buffer.from(value), children: [] };
  }
  return rawTree(encode(value));
}

/** Bytes in the place of an item, whatever they are. */
export function rawTree(bytes: Uint8Array): CborTree {
  return { kind: "other", content: bytes, children: [] };
}

/** RFC 8949, 3.1. */
export function treeBytes({ kind, content, children }: CborTree): Buffer {
  const inner = Buffer.concat(children.map(treeBytes));
  switch (kind) {
    case "bytes":
      return Buffer.concat([head(2, content.length), content]);
    case "text":
      return Buffer.concat([head(3, content.length), content]);
    case "list":
      return Buffer.concat([head(4, children.length), inner]);
    case "map":
      return Buffer.concat([head(5, children.length >> 1), inner]);
    case "other":
      return Buffer.from(content);
  }
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length]);
  if (length < 0x100) return Buffer.from([(major << 5) | 24, length]);
  return Buffer.from([(major << 5) | 25, length >> 8, length & 0xff]);
}

/** The tree with its item number `at`, counted from the root around and around, as `change` makes it. */
export function changedAt(tree: CborTree, at: number, change: (item: CborTree) => CborTree): CborTree {
  let left = at % itemCount(tree);
  const visit = (item: CborTree): CborTree => {
    left -= 1;
    return left === -1 ? change(item) : { ...item, children: item.children.map(visit) };
  };
  return visit(tree);
}

function itemCount({ children }: CborTree): number {
  return children.reduce((count, child) => count + itemCount(child), 1);
}
