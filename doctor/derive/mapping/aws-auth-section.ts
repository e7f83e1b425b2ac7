import { type Document, isMap, isScalar, isSeq, visit } from "yaml";
import { yamlDocument, yamlValue } from "../../../token/text/yaml.ts";

export interface AwsAuthSection {
  /** Set when the whole section is dropped: its YAML does not parse, or is no list. */
  readonly syntaxError: string | undefined;
  /** Entries in force, in order; of those with one ARN the last counts. */
  readonly entries: readonly AwsAuthEntry[];
  /** Entries, or parts of them, that are silently lost, with why. */
  readonly problems: readonly AwsAuthProblem[];
}

export interface AwsAuthEntry {
  /** Place in the section's list, from 0. */
  readonly index: number;
  readonly arn: string;
  readonly username: string;
  readonly groups: readonly string[];
}

export interface AwsAuthProblem {
  readonly index: number;
  /** The entry's ARN; when it has none in force, the one that stands under a wrong key. */
  readonly arn: string | undefined;
  /**
   * `no-arn`: the whole entry is dropped. `unknown-key`: this key does nothing. `wrong-type`: its value counts as empty.
   * `key-case`: read today, but old platform versions were reported to refuse it. `no-username`: the caller gets an
   * empty name.
   */
  readonly kind: "no-arn" | "unknown-key" | "wrong-type" | "key-case" | "no-username";
  /** The key in question, as it is written. */
  readonly key: string;
  /** The texts that stand there. */
  readonly values: readonly string[];
  readonly problem: string;
}

type ArnKey = "rolearn" | "userarn";
type Field = "arn" | "username" | "groups";

/** Texts that count as an empty section. Source: doctor/EKS-ACCESS.md, "aws-auth". */
const BLANK: readonly string[] = ["", '""', "''", "``"];

const EMPTY: AwsAuthSection = { syntaxError: undefined, entries: [], problems: [] };

/**
 * Reads `mapRoles` or `mapUsers`. Throws `YamlRefused` for more than we read.
 * Source: doctor/EKS-ACCESS.md, "aws-auth".
 */
export function readSection(text: unknown, arnKey: ArnKey): AwsAuthSection {
  if (text === undefined) return EMPTY;
  if (typeof text !== "string") {
    return {
      ...EMPTY,
      syntaxError: `it is a ${nameOfType(text)}, not a text (is the "|" after the key missing?)`,
    };
  }
  if (BLANK.includes(text.trim())) return EMPTY;
  const document = yamlDocument(text, { version: "1.1", uniqueKeys: false });
  const syntaxError = syntaxErrorOf(document);
  if (syntaxError !== undefined) return { ...EMPTY, syntaxError };
  const list = yamlValue(document);
  if (list === null) return EMPTY;
  if (!Array.isArray(list))
    return { ...EMPTY, syntaxError: `it is a ${nameOfType(list)}, not a list of entries` };
  const items = list.map((item: unknown, index) => readItem(item, index, arnKey));
  return {
    syntaxError: undefined,
    entries: items.flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
    problems: items.flatMap(({ problems }) => problems),
  };
}

/** Reads `mapAccounts`. An account id keeps its text: a number with leading zeros is what it looks like. */
export function readAccounts(text: unknown): string[] {
  if (typeof text !== "string" || BLANK.includes(text.trim())) return [];
  const document = yamlDocument(text, { version: "1.1", uniqueKeys: false });
  if (document.errors.length > 0 || !isSeq(document.contents)) return [];
  return document.contents.items.flatMap((item) =>
    isScalar(item) ? [item.source ?? String(item.value)] : [],
  );
}

/** Why Go's YAML would refuse the text; `username: {{SessionName}}` without quotes is a map as a key, for instance. */
function syntaxErrorOf(document: Document.Parsed): string | undefined {
  const [first] = document.errors;
  if (first !== undefined) {
    const [message = ""] = first.message.split("\n");
    return message.replace(/ at line \d+, column \d+:?$/, ` (line ${first.linePos?.[0].line ?? 1})`);
  }
  let found: string | undefined;
  visit(document, {
    Pair(_key, { key }) {
      if (!isMap(key) && !isSeq(key)) return undefined;
      found = "a map or list stands where a key must be (is a {{template}} without quotes?)";
      return visit.BREAK;
    },
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return undefined;
      found = `unknown anchor "${alias.source}"`;
      return visit.BREAK;
    },
  });
  return found;
}

interface Item {
  readonly entry: AwsAuthEntry | undefined;
  readonly problems: readonly AwsAuthProblem[];
}

type Fault = Omit<AwsAuthProblem, "index" | "arn">;

function readItem(item: unknown, index: number, arnKey: ArnKey): Item {
  const fields = { arn: "", username: "", groups: [] as readonly string[] };
  const faults: Fault[] = [];
  const pairs = typeof item === "object" && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
  for (const [key, value] of pairs.sort(byKey)) {
    const field = fieldOf(key, arnKey);
    if (field === "groups") fields.groups = texts(value);
    else if (field !== undefined) fields[field] = text(value);
    faults.push(...keyFaults(key, value, field));
  }
  faults.push(...emptyFaults(fields, arnKey));
  const written = pairs.map(([, value]) => text(value)).find((value) => value.startsWith("arn:"));
  const arn = fields.arn === "" ? written : fields.arn;
  return {
    entry: fields.arn === "" ? undefined : { index, ...fields },
    problems: faults.map((fault) => ({ index, arn, ...fault })),
  };
}

function keyFaults(key: string, value: unknown, field: Field | undefined): Fault[] {
  const values = [value].flat().flatMap((one) => (typeof one === "object" ? [] : [String(one)]));
  if (field === undefined) {
    return [{ kind: "unknown-key", key, values, problem: `"${key}" is not a key of an entry here` }];
  }
  const wrongType = typeFault(field, value);
  const plain = key.toLowerCase();
  return [
    ...(wrongType === undefined
      ? []
      : [{ kind: "wrong-type", key, values, problem: `"${key}" is ${wrongType}` } as const]),
    ...(key === plain
      ? []
      : [{ kind: "key-case", key, values, problem: `"${key}" is not written "${plain}"` } as const]),
  ];
}

function emptyFaults(
  { arn, username }: { readonly arn: string; readonly username: string },
  key: ArnKey,
): Fault[] {
  if (arn === "") return [{ kind: "no-arn", key, values: [], problem: `the entry has no "${key}"` }];
  return username === ""
    ? [{ kind: "no-username", key: "username", values: [], problem: "the entry has no username in force" }]
    : [];
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function fieldOf(key: string, arnKey: ArnKey): Field | undefined {
  const lower = key.toLowerCase();
  if (lower === arnKey) return "arn";
  return lower === "username" || lower === "groups" ? lower : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function typeFault(field: Field, value: unknown): string | undefined {
  if (value === null) return undefined;
  if (field !== "groups") {
    return typeof value === "string" ? undefined : `a ${nameOfType(value)}, not a text`;
  }
  if (!Array.isArray(value)) return `a ${nameOfType(value)}, not a list`;
  const odd = value.find((group) => typeof group !== "string" && group !== null);
  return odd === undefined ? undefined : `a list with a ${nameOfType(odd)} in it`;
}

function nameOfType(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  return typeof value === "string" ? "text" : typeof value;
}
