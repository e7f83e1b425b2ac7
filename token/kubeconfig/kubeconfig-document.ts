import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  type Tags,
  visit,
  type YAMLMap,
} from "yaml";
import { run } from "../command/command.ts";
import { withCommands } from "../command/sentence.ts";
import { VouchError } from "../errors/errors.ts";
import { isRecord } from "../record.ts";
import { YamlRefused, yamlDocuments, yamlValue } from "../text/yaml.ts";

/** A map in a kubeconfig. */
export type KubeRecord = Readonly<Record<string, unknown>>;

/** The lists of a kubeconfig, and the key under which an item of each has its body. */
export const SECTIONS = { clusters: "cluster", contexts: "context", users: "user" } as const;

export type Section = keyof typeof SECTIONS;

/** A parsed kubeconfig file: its text, the places in it, and its data. */
export interface KubeconfigDocument {
  readonly path: string;
  readonly text: string;
  /** Undefined if the file holds nothing but blanks and comments. */
  readonly yaml: Document.Parsed<ParsedNode> | undefined;
  readonly model: KubeRecord;
  /**
   * Parts that kubectl ignores. If there are any, no edit may touch the file: it could change its meaning, or itself be ignored.
   */
  readonly passedOver: readonly PassedOver[];
}

/** Types of YAML 1.1's specification that kubectl's reader (go-yaml) reads as plain text. */
const NOT_IN_GO = ["timestamp", "binary", "omap", "pairs", "set"].map((word) => `tag:yaml.org,2002:${word}`);

/**
 * Reads a kubeconfig as kubectl does: the first of several documents, and the last of equal keys. Throws `kubeconfig-invalid` for
 * what kubectl refuses. Never quotes the file: it may hold secrets.
 */
export function parseKubeconfig(text: string, path: string): KubeconfigDocument {
  const known = RECENT.find((document) => document.text === text && document.path === path);
  if (known !== undefined) return known;
  const broken = BROKEN.find((one) => one.text === text && one.path === path);
  if (broken !== undefined) throw broken.error;
  try {
    return remembered(RECENT, parsed(text, path));
  } catch (error) {
    remembered(BROKEN, { text, path, error });
    throw error;
  }
}

function remembered<T>(list: T[], one: T): T {
  list.unshift(one);
  list.length = Math.min(list.length, MAX_RECENT);
  return one;
}

/** One command reads a file several times. A parsed document never changes. */
const RECENT: KubeconfigDocument[] = [];
const BROKEN: { readonly text: string; readonly path: string; readonly error: unknown }[] = [];
const MAX_RECENT = 8;

function parsed(text: string, path: string): KubeconfigDocument {
  const lines = new LineCounter();
  const documents = orInvalid(path, () =>
    yamlDocuments(text, {
      version: "1.1",
      strict: false,
      // Checked below: the parser would compare each key with all before it.
      uniqueKeys: false,
      keepSourceTokens: true,
      lineCounter: lines,
      customTags: goTags,
    }),
  );
  if ("empty" in documents) {
    // kubectl, too, requires a document after a directive.
    if (/^%/m.test(text)) throw kubeconfigInvalid(path, "it has a directive (%) but no document");
    return { path, text, yaml: undefined, model: {}, passedOver: [] };
  }
  const [yaml] = documents;
  const [error] = yaml?.errors ?? [];
  if (yaml === undefined || error !== undefined) {
    const line = error === undefined ? 1 : lines.linePos(error.pos[0]).line;
    throw kubeconfigInvalid(path, `line ${line}: ${PROBLEMS[error?.code ?? ""] ?? "it is not valid YAML"}`);
  }
  const model = modelOf(yaml, path);
  validate(model, path);
  return { path, text, yaml, model, passedOver: passedOver(documents, (at) => lines.linePos(at).line) };
}

/** The bodies of a section by name; none if the section is missing or empty. */
export function entriesOf(model: KubeRecord, section: Section): Map<string, KubeRecord> {
  const items = model[section];
  return new Map(
    (Array.isArray(items) ? items : []).map((item: unknown) => {
      const { name, [SECTIONS[section]]: body } = isRecord(item) ? item : {};
      return [typeof name === "string" ? name : "", isRecord(body) ? body : {}];
    }),
  );
}

export function kubeconfigInvalid(path: string, why: string, hint?: string): VouchError {
  return new VouchError("kubeconfig-invalid", `Cannot use kubeconfig ${path}: ${why}.`, {
    hint:
      hint ??
      withCommands`Correct the file, then check it: ${run("kubectl", "config view", { kubeconfig: path })}`,
  });
}

const PROBLEMS: Readonly<Record<string, string>> = {
  BAD_INDENT: "the indentation is inconsistent, or a bracket is not closed",
  TAB_AS_INDENT: "a tab is used as indentation",
};

function goTags(tags: Tags): Tags {
  return tags.filter(
    (tag) =>
      typeof tag === "string" || !(NOT_IN_GO.includes(tag.tag) || ("format" in tag && tag.format === "TIME")),
  );
}

function modelOf(yaml: Document.Parsed, path: string): KubeRecord {
  const model = orInvalid(path, () => yamlValue(yaml));
  if (model === null) return {};
  if (!isRecord(model)) throw kubeconfigInvalid(path, "it is not a map");
  return model;
}

function orInvalid<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof YamlRefused ? kubeconfigInvalid(path, error.why) : error;
  }
}

/** The checks of kubectl's reader, as far as they concern what we read or write. */
function validate(model: KubeRecord, path: string): void {
  const expected = { apiVersion: "v1", kind: "Config" } as const;
  for (const [key, value] of Object.entries(expected)) {
    if (![value, "", null, undefined].some((known) => model[key] === known)) {
      throw kubeconfigInvalid(path, `its ${key} is not ${value}`);
    }
  }
  if (!isTextOrNothing(model["current-context"])) {
    throw kubeconfigInvalid(path, "its current-context is not a string");
  }
  for (const section of Object.keys(SECTIONS) as Section[]) validateSection(model[section], section, path);
}

function validateSection(items: unknown, section: Section, path: string): void {
  if (items === undefined || items === null) return;
  if (!Array.isArray(items)) throw kubeconfigInvalid(path, `its ${section} are not a list`);
  const names = new Set<string>();
  for (const [index, item] of items.entries()) {
    const where = `item ${index + 1} of its ${section}`;
    if (item !== null && !isRecord(item)) throw kubeconfigInvalid(path, `${where} is not a map`);
    const { name, [SECTIONS[section]]: body } = item ?? {};
    if (!isTextOrNothing(name)) throw kubeconfigInvalid(path, `the name of ${where} is not a string`);
    if (body !== undefined && body !== null && !isRecord(body)) {
      throw kubeconfigInvalid(path, `the ${SECTIONS[section]} of ${where} is not a map`);
    }
    if (names.has(name ?? ""))
      throw kubeconfigInvalid(path, `its ${section} name ${JSON.stringify(name ?? "")} twice`);
    names.add(name ?? "");
  }
}

function isTextOrNothing(value: unknown): value is string | null | undefined {
  return typeof value === "string" || value === null || value === undefined;
}

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
function passedOver([first, ...others]: readonly Document.Parsed[], lineAt: LineAt): PassedOver[] {
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
