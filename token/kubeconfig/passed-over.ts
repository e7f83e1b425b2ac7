import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
} from "yaml";

/** A part of a file that kubectl ignores: it reads the first of several documents, and the last of equal keys. */
export interface PassedOver {
  readonly kind: "documents" | "key";
  /** Counted from 1: where the second document begins, or the key is repeated. */
  readonly line: number;
  /** Includes the line; follows a colon. */
  readonly why: string;
  /** Whether the part contains an entry of that name in that section (`users`), or is a field of that entry. */
  readonly holds: (section: string, name: string) => boolean;
  /** Whether it contains this key of the file (`current-context`). */
  readonly gives: (key: string) => boolean;
}

type LineAt = (offset: number) => number;

/** The key of YAML 1.1 that includes the entries of another map; it may occur several times. */
const MERGE_KEY = "<<";

/** The largest number of equal keys that are recorded. */
const MAX_NOTED = 100;

/** Everything that kubectl ignores in a file with these documents; documents come first. */
export function passedOver([first, ...others]: readonly Document.Parsed[], lineAt: LineAt): PassedOver[] {
  return first === undefined ? [] : [...secondDocument(others, lineAt), ...equalKeys(first, lineAt)];
}

function secondDocument(documents: readonly Document.Parsed[], lineAt: LineAt): PassedOver[] {
  const [second] = documents;
  if (second === undefined) return [];
  const line = lineAt(second.range[0]);
  const why = `line ${line} starts a second YAML document, but kubectl reads only the first`;
  const pairs = documents.flatMap(({ contents }) => (isMap(contents) ? contents.items : []));
  return [
    {
      kind: "documents",
      line,
      why,
      holds: (section, name) => pairs.some((pair) => isKey(pair, section) && hasEntry(pair.value, name)),
      gives: (key) => pairs.some((pair) => isKey(pair, key)),
    },
  ];
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
          found.push({
            kind: "key",
            line,
            why: sameKey(earlier, line),
            ...aboutOf(before, [...ancestors, map]),
          });
        }
        seen.set(key.value, pair);
      }
    },
  });
  return found;
}

/** What an ignored pair concerns, by its ancestors: the document, its map, a section, the list, an entry. */
function aboutOf(
  pair: Pair,
  [, , section, , entry]: readonly unknown[],
): Pick<PassedOver, "holds" | "gives"> {
  if (section === undefined)
    return {
      holds: (wanted, name) => isKey(pair, wanted) && hasEntry(pair.value, name),
      gives: (key) => isKey(pair, key),
    };
  const isOf = (name: string) =>
    isMap(entry) &&
    (entry.items.includes(pair) && isKey(pair, "name") ? isText(pair.value, name) : isNamed(entry, name));
  return {
    holds: (wanted, name) => isPair(section) && isKey(section, wanted) && isOf(name),
    gives: () => false,
  };
}

function isKey({ key }: Pair, name: string): boolean {
  return isText(key, name);
}

function isText(node: unknown, text: string): boolean {
  return isScalar(node) && node.value === text;
}

/** Whether a list of entries has one with this name, even if that also has another name. */
function hasEntry(list: unknown, name: string): boolean {
  return (
    isSeq(list) &&
    list.items.some(
      (entry) => isMap(entry) && entry.items.some((pair) => isKey(pair, "name") && isText(pair.value, name)),
    )
  );
}

/** Whether this is the entry's name to kubectl, which takes the last. */
function isNamed(entry: YAMLMap, name: string): boolean {
  return isText(entry.items.findLast((pair) => isKey(pair, "name"))?.value, name);
}

function sameKey(one: number, other: number): string {
  const where =
    one === other ? `line ${one} has the same key twice` : `lines ${one} and ${other} have the same key`;
  return `${where}; kubectl uses the last one`;
}
