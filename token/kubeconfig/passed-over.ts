import { type Document, isMap, isScalar, type Node, type Pair, visit } from "yaml";

/** A part of a file that kubectl passes over: it reads the first of several documents, and of equal keys the last. */
export interface PassedOver {
  readonly kind: "documents" | "key";
  /** Counted from 1: where the second document begins, or the key stands again. */
  readonly line: number;
  /** With the line, to follow a colon. */
  readonly why: string;
  /** Whether the part, or the item it is in, is about this name or key. */
  readonly holds: (name: string) => boolean;
}

type LineAt = (offset: number) => number;

/** YAML 1.1's key that takes over the entries of another map; it may stand several times. */
const MERGE_KEY = "<<";

/** Equal keys that are noted at most. */
const MAX_NOTED = 100;

/** Everything that kubectl passes over in a file of these documents, the documents first. */
export function passedOver([first, ...others]: readonly Document.Parsed[], lineAt: LineAt): PassedOver[] {
  return first === undefined ? [] : [...secondDocument(others, lineAt), ...equalKeys(first, lineAt)];
}

function secondDocument(documents: readonly Document.Parsed[], lineAt: LineAt): PassedOver[] {
  const [second] = documents;
  if (second === undefined) return [];
  const line = lineAt(second.range[0]);
  const why = `line ${line} begins a second YAML document, and kubectl reads only the first`;
  const holds = (name: string) => documents.some(({ contents }) => isIn(name, contents));
  return [{ kind: "documents", line, why, holds }];
}

function equalKeys(yaml: Document.Parsed, lineAt: LineAt): PassedOver[] {
  const found: PassedOver[] = [];
  visit(yaml, {
    Map(_, map, ancestors) {
      const seen = new Map<unknown, Pair>();
      for (const pair of map.items as Pair[]) {
        const { key } = pair;
        if (!isScalar(key) || key.value === MERGE_KEY) continue;
        const before = seen.get(key.value);
        if (before !== undefined && found.length < MAX_NOTED) {
          const lines = [before, pair].map((one) => lineAt((one.key as Node).range?.[0] ?? 0));
          const [earlier = 0, line = 0] = lines;
          const around = [...ancestors, map];
          const holds = (name: string) =>
            name === key.value || isIn(name, before.value) || around.some((node) => isNamed(node, name));
          found.push({ kind: "key", line, why: sameKey(earlier, line), holds });
        }
        seen.set(key.value, pair);
      }
    },
  });
  return found;
}

function isIn(name: string, part: unknown): boolean {
  let found = false;
  if (part === null || part === undefined) return false;
  visit(part as Node, {
    Scalar(_, { value }) {
      if (value !== name) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function isNamed(node: unknown, name: string): boolean {
  return (
    isMap(node) &&
    node.items.some(
      ({ key, value }) => isScalar(key) && key.value === "name" && isScalar(value) && value.value === name,
    )
  );
}

function sameKey(one: number, other: number): string {
  const where =
    one === other ? `line ${one} gives the same key twice` : `lines ${one} and ${other} give the same key`;
  return `${where}, and kubectl takes the last`;
}
